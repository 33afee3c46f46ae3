/** Graphs come onto the canvas and go from it; each keeps its steps of undo, its run and what was in view. */

import type { Run } from "../api/generated.ts";
import type { Draft } from "../core/draft.ts";
import { pathText, savedIn, usesIn } from "../core/levels.ts";
import { wholeRect } from "./actions.ts";
import { apart } from "./arranging.ts";
import { dockOf } from "./dock.ts";
import { documents, draftNow, typeOfNow, typesOfGraph } from "./documents.ts";
import { hold, keepTab, lastClosed, letGo, tabOf } from "./keeping.ts";
import { outputBoard } from "./outputs.ts";
import { showLevel, showRun } from "./running.ts";
import { fetchSavedTypes } from "./saved.ts";
import { stageNow } from "./stage.ts";
import { statusBoard } from "./runs.ts";
import { editedIn, freshTab, isBlank, type Level, rootTab, rowIn, type Saved, setTab, type Tab, tabIn, tabs } from "./tabs.ts";
import { select, toast, views } from "./views.ts";

/** Leave the graph on the canvas as it is, for when it comes back. */
function park(): void {
  const { history, kept, ran } = documents.getState();
  setTab(tabs.getState().active, { history, kept, ran, look: stageNow()?.look() ?? null });
}

/** Put a tab's graph on the canvas, or the one within it that was looked at. The tab is among those that are open. */
function bring({ id }: Tab): void {
  const tab = keepToWay(id);
  put(tab, docOf(tab));
  dockOf(tab.saved?.name ?? tab.id);
  showRun(tab.run);
}

/** Put a graph of a tab on the canvas. */
function put(root: Tab, doc: Tab): void {
  tabs.setState({ root: root.id, active: doc.id });
  const { look } = doc;
  // The canvas goes there first: where it was before, all of a large graph may lie in view.
  if (look === null) showAll(doc.history.now);
  else stageNow()?.lookAt(look);
  documents.setState({ history: doc.history, kept: doc.kept, ran: doc.ran, readOnly: doc.past !== null ? "past" : doc.isTemplate ? "template" : null });
  select({});
  views.setState({ focused: null, entered: null, renaming: null, search: null, isFindOpen: false, linking: null });
  statusBoard.clear();
  outputBoard.clear();
  void fetchSavedTypes();
}

function docOf(root: Tab): Tab {
  const last = root.trail.at(-1);
  return (last === undefined ? undefined : tabIn(tabs.getState(), last.doc)) ?? root;
}

/** A tab whose way leads only where it still can: nodes may be gone by now, or stand for another graph. */
function keepToWay(id: string): Tab {
  const state = tabs.getState();
  const root = tabIn(state, id) ?? rootTab();
  let graph = editedIn(id)?.history.now.graph;
  const isSound = ({ node, name, doc }: Level): boolean => {
    const there = tabIn(state, doc);
    const isThere = there !== undefined && savedIn(graph?.nodes.get(node)?.type) === name && (there.saved === null || there.saved.name === name);
    graph = isThere ? editedIn(doc)?.history.now.graph : undefined;
    return isThere;
  };
  const end = root.trail.findIndex((level) => !isSound(level));
  if (end === -1) return root;
  const trail = root.trail.slice(0, end);
  setTab(id, { trail });
  return { ...root, trail };
}

/** Look at another level of the tab: further within, or further out, where the node that was gone into is then selected. */
export function goTo(trail: readonly Level[]): void {
  const before = rootTab();
  if (pathText(before.trail) === pathText(trail)) return;
  const isSame = docOf(before).id === docOf({ ...before, trail }).id;
  if (!isSame) {
    void keepTab(tabs.getState().active);
    park();
  }
  setTab(before.id, { trail });
  const tab = rootTab();
  if (isSame) {
    statusBoard.clear();
    outputBoard.clear();
  } else put(tab, docOf(tab));
  void keepTab(tab.id);
  showLevel();
  const left = before.trail[trail.length];
  const isOut = left !== undefined && pathText(before.trail.slice(0, trail.length)) === pathText(trail);
  if (!isOut || !draftNow().graph.nodes.has(left.node)) return;
  select({ nodes: new Set([left.node]) });
  stageNow()?.focusNode(left.node, "still");
}

function showAll(draft: Draft): void {
  const whole = wholeRect(draft, typesOfGraph(draft.graph));
  if (whole !== undefined) stageNow()?.show(whole, 1);
}

export function switchTo(id: string): void {
  const state = tabs.getState();
  const tab = tabIn(state, id);
  if (tab === undefined || id === state.root) return;
  void keepTab(state.active);
  park();
  bring(tab);
}

/** The tab beside the one on the canvas. */
export function switchBy(step: 1 | -1): void {
  const state = tabs.getState();
  const open = rowIn(state);
  const at = open.findIndex((tab) => tab.id === state.root);
  const next = open[(at + step + open.length) % open.length];
  if (next !== undefined) switchTo(next.id);
}

/** Open a tab, in the place of a blank one. */
export function openTab(tab: Tab): void {
  const before = rootTab();
  void hold(tab.id);
  park();
  if (isBlank(before)) {
    letGo(before.id);
    tabs.setState(({ open }) => ({ open: open.map((one) => (one.id === before.id ? tab : one)) }));
  } else {
    void keepTab(tabs.getState().active);
    tabs.setState(({ open }) => ({ open: [...open, tab] }));
  }
  bring(tab);
}

/** Open a graph in a tab; one whose nodes lie on each other, as graphs written by hand do, is laid out first. */
export async function openDraft(given: Draft, saved: Saved | null = null, past: Run | null = null): Promise<void> {
  const draft = await apart(given, typesOfGraph(given.graph));
  const tab = { ...freshTab(draft, saved), past };
  openTab(tab);
  await fetchSavedTypes();
  // Nodes that stand for saved graphs are as large as these say.
  const arranged = draftNow() === draft ? await apart(draft, typeOfNow) : draft;
  if (arranged !== draft && draftNow() === draft) {
    const { history, kept, ran } = freshTab(arranged);
    documents.setState({ history, kept, ran });
    showAll(arranged);
  }
  if (tabs.getState().active === tab.id) await keepTab(tab.id);
}

export function newGraph(): void {
  if (!isBlank(rootTab())) openTab(freshTab());
}

/** Close a tab. Nothing is asked, since it can be opened again as it was. */
export async function closeTab(id: string): Promise<void> {
  const { root } = tabs.getState();
  const row = rowIn(tabs.getState());
  const tab = tabIn(tabs.getState(), id);
  if (tab === undefined || (row.length === 1 && isBlank(tab))) return;
  if (id === root) park();
  const wasBlank = isBlank(tab);
  const gone = new Set(left(id));
  // The graphs within it go first: the one that was closed last is the first to come back.
  for (const one of gone) await keepTab(one, true);
  gone.forEach((one) => letGo(one));
  const at = row.findIndex((one) => one.id === id);
  const rest = row.filter((one) => one.id !== id);
  const next = rest[Math.min(at, rest.length - 1)] ?? freshTab();
  tabs.setState(({ open }) => {
    const kept = open.filter((one) => !gone.has(one.id)).map((one) => (one.id === id ? { ...one, isInner: true, trail: [] } : one));
    return { open: rest.length === 0 ? [next, ...kept] : kept };
  });
  if (id === root) bring(next);
  if (!wasBlank && tab.past === null) toast({ key: "tab.closed", values: {} });
}

/** What goes with a tab: itself and the graphs that are open within it, but for what is open within others. */
function left(id: string): readonly string[] {
  const { open } = tabs.getState();
  const used = new Set(open.filter((tab) => tab.id !== id).flatMap((tab) => tab.trail.map(({ doc }) => doc)));
  const roots = open.filter((tab) => !tab.isInner && tab.id !== id);
  const named = new Set(roots.flatMap((tab) => [...usesIn((editedIn(tab.id) ?? tab).history.now.graph, documents.getState().saved).keys()]));
  const isUsed = (tab: Tab) => used.has(tab.id) || (tab.saved !== null && named.has(tab.saved.name));
  return [...open.filter((tab) => tab.isInner && !isUsed(tab)).map((tab) => tab.id), ...(used.has(id) ? [] : [id])];
}

/** Open the graph that was closed last, as it was. */
export async function reopenTab(): Promise<void> {
  const kept = await lastClosed();
  const tab = kept === undefined ? undefined : tabOf(kept);
  if (tab === undefined) toast({ key: "tab.noneClosed", values: {} });
  else {
    openTab(tab);
    await keepTab(tab.id);
  }
}

/** Begin with what was open before; with a blank graph where nothing was. */
export function openKept(found: readonly Tab[], active: string): void {
  const row = found.filter((one) => !one.isInner);
  const tab = row.find((one) => one.id === active) ?? row[0];
  if (tab === undefined) {
    tabs.setState(({ open }) => ({ open: [...open, ...found] }));
    return;
  }
  tabs.setState({ open: found });
  bring(tab);
}
