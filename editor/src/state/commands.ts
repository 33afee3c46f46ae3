/** Everything that can be done, by name: the palette, the menus, the keys and the bars all run the same. */

import type { PlainKey } from "../words/say.ts";
import * as actions from "./actions.ts";
import { layOut } from "./arranging.ts";
import { placeOf } from "../core/draft.ts";
import { framesOf } from "../core/edit/notes.ts";
import { savedIn } from "../core/levels.ts";
import { toggleDock } from "./dock.ts";
import { documents, draftNow, redoEdit, undoEdit } from "./documents.ts";
import { showDialog } from "./dialogs.ts";
import { chooseFiles, exportFile } from "./files.ts";
import { readFiles } from "./incoming.ts";
import { goInto, goUp } from "./levels.ts";
import { holdersOf, type KeyMap, keysIn, rekeyed, shownKeys, whyNotKeys } from "./keys.ts";
import { preferences, sayNow } from "./preferences.ts";
import { askRun } from "./parts.ts";
import { running, stopRun } from "./running.ts";
import { openSaved, saveGraph, saveGraphAs } from "./saving.ts";
import { closeTab, newGraph, reopenTab, switchBy } from "./switching.ts";
import { rootTab, rowIn, tabs } from "./tabs.ts";
import { packSelection, unpackSelection } from "./saved.ts";
import { stageNow } from "./stage.ts";
import { isSomethingSelected, select, toast, togglePanel, type Views, views } from "./views.ts";

export interface Command {
  readonly title: PlainKey;
  /** The shortcut it has unless another was chosen; empty for none. */
  readonly keys: string;
  readonly isEnabled?: (state: Views) => boolean;
  readonly run: () => void;
}

const hasNodes = (state: Views) => state.nodes.size + state.frames.size > 0;
const hasTwo = (state: Views) => state.nodes.size > 1;
const hasThree = (state: Views) => state.nodes.size > 2;

const isFramed = (state: Views) => state.frames.size > 0 || framesOf(draftNow(), state.nodes).size > 0;
const isSubgraph = ({ nodes: [name, ...others] }: Views) => name !== undefined && others.length === 0 && savedIn(draftNow().graph.nodes.get(name)?.type) !== undefined;
/** Whether a graph within that of the tab is looked at. */
const isInside = () => rootTab().trail.length > 0;

export const COMMANDS = {
  undo: { title: "command.undo", keys: "Mod+Z", isEnabled: () => documents.getState().history.past.length > 0, run: undoEdit },
  redo: { title: "command.redo", keys: "Mod+Shift+Z", isEnabled: () => documents.getState().history.future.length > 0, run: redoEdit },
  run: { title: "command.run", keys: "Mod+Enter", run: () => void askRun() },
  stop: { title: "command.stop", keys: "Mod+.", isEnabled: () => running.getState().isGoing, run: () => void stopRun() },
  runTo: { title: "command.runTo", keys: "Mod+Shift+Enter", isEnabled: (state) => state.nodes.size > 0 && !isInside(), run: () => void askRun([...actions.selectedNodes()]) },
  runSelection: { title: "command.runSelection", keys: "", isEnabled: (state) => (state.nodes.size > 1 || state.frames.size > 0) && !isInside(), run: () => void askRun([...actions.selectedNodes()]) },
  search: { title: "command.search", keys: "/", run: () => openSearch() },
  palette: { title: "command.palette", keys: "Mod+K", run: () => views.setState({ isPaletteOpen: true }) },
  find: { title: "command.find", keys: "Mod+F", run: () => views.setState({ isFindOpen: true }) },
  save: { title: "command.save", keys: "Mod+S", run: () => void saveGraph() },
  saveAs: { title: "command.saveAs", keys: "Mod+Shift+S", run: saveGraphAs },
  new: { title: "command.new", keys: "Alt+Shift+N", run: newGraph },
  open: { title: "command.open", keys: "Mod+O", run: () => showDialog({ kind: "open" }) },
  openFile: { title: "command.openFile", keys: "", run: () => chooseFiles((files) => void readFiles(files)) },
  close: { title: "command.close", keys: "Alt+W", run: () => void closeTab(tabs.getState().root) },
  reopen: { title: "command.reopen", keys: "Alt+Shift+W", run: () => void reopenTab() },
  nextTab: { title: "command.nextTab", keys: "Alt+PageDown", isEnabled: () => rowIn(tabs.getState()).length > 1, run: () => switchBy(1) },
  previousTab: { title: "command.previousTab", keys: "Alt+PageUp", isEnabled: () => rowIn(tabs.getState()).length > 1, run: () => switchBy(-1) },
  versions: { title: "command.versions", keys: "Alt+V", run: () => togglePanel("versions") },
  export: { title: "command.export", keys: "Mod+E", run: exportFile },
  copy: { title: "command.copy", keys: "Mod+C", isEnabled: isSomethingSelected, run: () => void navigator.clipboard.writeText(actions.copySelection()) },
  cut: { title: "command.cut", keys: "Mod+X", isEnabled: isSomethingSelected, run: () => void cutToClipboard() },
  paste: { title: "command.paste", keys: "Mod+V", run: () => void pasteFromClipboard(false) },
  pasteWired: { title: "command.pasteWired", keys: "Mod+Shift+V", run: () => void pasteFromClipboard(true) },
  duplicate: { title: "command.duplicate", keys: "Mod+D", isEnabled: isSomethingSelected, run: actions.duplicateSelection },
  delete: { title: "command.delete", keys: "Delete", isEnabled: isSomethingSelected, run: actions.deleteSelection },
  selectAll: { title: "command.selectAll", keys: "Mod+A", run: actions.selectAll },
  deselect: { title: "command.deselect", keys: "Escape", run: () => deselect() },
  rename: { title: "command.rename", keys: "F2", isEnabled: (state) => state.nodes.size === 1 || state.frames.size === 1, run: () => beginRename() },
  bypass: { title: "command.bypass", keys: "Mod+B", isEnabled: hasNodes, run: actions.toggleBypass },
  collapse: { title: "command.collapse", keys: "Alt+C", isEnabled: hasNodes, run: actions.toggleCollapse },
  frame: { title: "command.frame", keys: "Mod+G", isEnabled: (state) => state.nodes.size > 0, run: actions.frameSelection },
  unframe: { title: "command.unframe", keys: "Mod+Shift+G", isEnabled: isFramed, run: actions.dissolveSelection },
  reroute: { title: "command.reroute", keys: "", isEnabled: (state) => state.links.size === 1, run: () => actions.rerouteSelection(views.getState().menu?.canvas ?? null) },
  hide: { title: "command.hide", keys: "Shift+H", isEnabled: (state) => state.links.size > 0, run: actions.toggleHidden },
  menu: { title: "command.menu", keys: "Shift+F10", run: () => openMenu() },
  note: { title: "command.note", keys: "Shift+N", run: () => actions.addNoteAt(stageNow()?.center() ?? { x: 0, y: 0 }) },
  pack: { title: "command.pack", keys: "Mod+Shift+P", isEnabled: hasNodes, run: () => void packSelection() },
  goInto: { title: "command.goInto", keys: "Alt+Enter", isEnabled: isSubgraph, run: () => goIntoSelected() },
  goUp: { title: "command.goUp", keys: "Mod+ArrowUp", isEnabled: isInside, run: goUp },
  openPart: { title: "command.openPart", keys: "Alt+Shift+Enter", isEnabled: isSubgraph, run: () => openPart() },
  unpack: { title: "command.unpack", keys: "Mod+Shift+U", isEnabled: isSubgraph, run: () => void unpackSelection() },
  layout: { title: "command.layout", keys: "Mod+Shift+L", run: () => void layOut() },
  alignLeft: { title: "command.alignLeft", keys: "", isEnabled: hasTwo, run: () => actions.alignSelection("left") },
  alignCenter: { title: "command.alignCenter", keys: "", isEnabled: hasTwo, run: () => actions.alignSelection("center") },
  alignRight: { title: "command.alignRight", keys: "", isEnabled: hasTwo, run: () => actions.alignSelection("right") },
  alignTop: { title: "command.alignTop", keys: "", isEnabled: hasTwo, run: () => actions.alignSelection("top") },
  alignMiddle: { title: "command.alignMiddle", keys: "", isEnabled: hasTwo, run: () => actions.alignSelection("middle") },
  alignBottom: { title: "command.alignBottom", keys: "", isEnabled: hasTwo, run: () => actions.alignSelection("bottom") },
  distributeX: { title: "command.distributeX", keys: "", isEnabled: hasThree, run: () => actions.distributeSelection("x") },
  distributeY: { title: "command.distributeY", keys: "", isEnabled: hasThree, run: () => actions.distributeSelection("y") },
  fit: { title: "command.fit", keys: "F", run: () => fit() },
  zoomIn: { title: "command.zoomIn", keys: "Mod+=", run: () => stageNow()?.zoomBy(1.25) },
  zoomOut: { title: "command.zoomOut", keys: "Mod+-", run: () => stageNow()?.zoomBy(0.8) },
  zoomWhole: { title: "command.zoomWhole", keys: "Mod+0", run: () => stageNow()?.zoomTo(1) },
  minimap: { title: "command.minimap", keys: "M", run: () => preferences.setState(({ isMinimapShown }) => ({ isMinimapShown: !isMinimapShown })) },
  outline: { title: "command.outline", keys: "Alt+O", run: () => togglePanel("outline") },
  nodes: { title: "command.nodes", keys: "Alt+N", run: () => togglePanel("nodes") },
  templates: { title: "command.templates", keys: "Alt+T", run: () => togglePanel("templates") },
  queue: { title: "command.queue", keys: "Alt+Q", run: () => togglePanel("queue") },
  assets: { title: "command.assets", keys: "Alt+A", run: () => togglePanel("assets") },
  runs: { title: "command.runs", keys: "Alt+R", run: () => togglePanel("runs") },
  devices: { title: "command.devices", keys: "Alt+D", run: () => togglePanel("devices") },
  settings: { title: "command.settings", keys: "Mod+,", run: () => togglePanel("settings") },
  scene: { title: "command.scene", keys: "Alt+S", run: () => toggleDock("scene") },
  timeline: { title: "command.timeline", keys: "Alt+M", run: () => toggleDock("timeline") },
  log: { title: "command.log", keys: "Alt+L", run: () => toggleDock("log") },
  form: { title: "command.form", keys: "Alt+F", isEnabled: () => !preferences.getState().isForm, run: () => preferences.setState({ isForm: true }) },
  graph: { title: "command.graph", keys: "Alt+G", isEnabled: () => preferences.getState().isForm, run: () => showGraph() },
  dark: { title: "command.dark", keys: "", run: () => preferences.setState({ theme: "dark" }) },
  light: { title: "command.light", keys: "", run: () => preferences.setState({ theme: "light" }) },
  system: { title: "command.system", keys: "", run: () => preferences.setState({ theme: "system" }) },
  english: { title: "command.english", keys: "", run: () => preferences.setState({ language: "en" }) },
  german: { title: "command.german", keys: "", run: () => preferences.setState({ language: "de" }) },
} as const satisfies Record<string, Command>;

export type CommandId = keyof typeof COMMANDS;

export function isCommand(id: string): id is CommandId {
  return id in COMMANDS;
}

export const COMMAND_IDS: readonly CommandId[] = Object.keys(COMMANDS).filter(isCommand);

export function commandOf(id: CommandId): Command {
  return COMMANDS[id];
}

export function isEnabled(id: CommandId): boolean {
  return commandOf(id).isEnabled?.(views.getState()) ?? true;
}

export function runCommand(id: CommandId): void {
  if (isEnabled(id)) commandOf(id).run();
}

/** The keys of a command, as they were chosen or as they come. */
export function keysOf(id: CommandId): string {
  return keysIn(USUAL, preferences.getState().keys, id);
}

export function shortcutOf(id: CommandId): string {
  const keys = keysOf(id);
  return keys === "" ? "" : shownKeys(preferences.getState().language, keys);
}

/** The keys that commands come with. */
const USUAL: KeyMap = Object.fromEntries(COMMAND_IDS.map((id) => [id, commandOf(id).keys]));

/** The commands that keys would be taken from. */
export function keyHolders(id: CommandId, keys: string): readonly CommandId[] {
  return holdersOf(USUAL, preferences.getState().keys, keys, id).filter(isCommand);
}

/** Give a command other keys, or none. Whoever had them has none then, and that is said; keys that cannot be had are refused. */
export function remap(id: CommandId, keys: string): boolean {
  const why = whyNotKeys(keys);
  if (why !== undefined) {
    toast({ key: why === "kept" ? "keys.kept" : "keys.browser", values: { keys: shownKeys(preferences.getState().language, keys) } });
    return false;
  }
  const [holder] = keyHolders(id, keys);
  if (holder !== undefined) toast({ key: "keys.taken", values: { keys: shownKeys(preferences.getState().language, keys), command: sayNow()(commandOf(holder).title) } });
  preferences.setState((state) => ({ keys: rekeyed(USUAL, state.keys, id, keys) }));
  return true;
}

/** Whether a command has other keys than it comes with. */
export function isRemapped(id: CommandId): boolean {
  return id in preferences.getState().keys;
}

/** Give a command the keys that it comes with, or all of them theirs. */
export function resetKeys(id?: CommandId): void {
  if (id === undefined) preferences.setState({ keys: {} });
  else remap(id, commandOf(id).keys);
}

/** The command that keys stand for. */
export function commandFor(keys: string): CommandId | undefined {
  // Both keys delete, and both redo, whatever the keyboard.
  const meant = keys === "Backspace" ? "Delete" : keys === "Mod+Y" ? "Mod+Shift+Z" : keys;
  return COMMAND_IDS.find((id) => keysOf(id) === meant);
}

function openSearch(): void {
  const stage = stageNow();
  const canvas = stage?.center() ?? { x: 0, y: 0 };
  const screen = pointer ?? stage?.toScreen(canvas) ?? { x: 0, y: 0 };
  views.setState({ search: { screen, canvas: stage?.toCanvas(screen) ?? canvas, need: null, linking: null } });
}

let pointer: { x: number; y: number } | null = null;

/** Where the pointer is over the canvas, or null where it is elsewhere. */
export function setPointer(at: { x: number; y: number } | null): void {
  pointer = at;
}

export function pointerNow(): { x: number; y: number } | null {
  return pointer;
}

/** Back from the form: the canvas is there anew, and shows all of the graph. */
function showGraph(): void {
  preferences.setState({ isForm: false });
  requestAnimationFrame(() => requestAnimationFrame(fit));
}

/** The menu of what is selected, beside it; of the canvas where that is nothing. */
function openMenu(): void {
  const { nodes, frames, links, focused } = views.getState();
  const [name] = nodes.size > 0 ? nodes : focused === null ? [] : [focused];
  if (nodes.size + frames.size + links.size === 0 && name !== undefined) select({ nodes: new Set([name]) });
  const kind = nodes.size + frames.size > 0 || name !== undefined ? "node" : links.size > 0 ? "wire" : "canvas";
  const place = name === undefined ? undefined : placeOf(documents.getState().history.now, name);
  const stage = stageNow();
  const canvas = place ?? stage?.center() ?? { x: 0, y: 0 };
  const screen = pointer ?? stage?.toScreen(canvas) ?? { x: 0, y: 0 };
  views.setState({ menu: { kind, screen: place === undefined ? screen : (stage?.toScreen({ x: place.x + 24, y: place.y + 36 }) ?? screen), canvas } });
}

function fit(): void {
  const whole = actions.wholeRect();
  if (whole !== undefined) stageNow()?.show(whole);
}

/** Select nothing; where that is so already, go up one level. */
function deselect(): void {
  if (isSomethingSelected(views.getState())) select({});
  else goUp();
}

function goIntoSelected(): void {
  const [name] = views.getState().nodes;
  if (name !== undefined) void goInto(name);
}

/** Open the saved graph that the selected node stands for, in a tab beside. */
function openPart(): void {
  const [name] = views.getState().nodes;
  const saved = name === undefined ? undefined : savedIn(draftNow().graph.nodes.get(name)?.type);
  if (saved !== undefined) void openSaved(saved);
}

function beginRename(): void {
  const { nodes, frames } = views.getState();
  const [name] = nodes;
  const [frame] = frames;
  views.setState({ renaming: name ?? `$frame:${frame ?? ""}` });
}

async function cutToClipboard(): Promise<void> {
  await navigator.clipboard.writeText(actions.copySelection());
  actions.deleteSelection();
}

async function pasteFromClipboard(keepsOutside: boolean): Promise<void> {
  actions.pasteText(await navigator.clipboard.readText(), stageNow()?.center() ?? null, keepsOutside);
}
