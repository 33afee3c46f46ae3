/** What a person does to the selection: each is one step of undo. */

import { copied, pasted, readCopied } from "../core/clipboard.ts";
import { align, type Alignment, distribute } from "../core/edit/arrange.ts";
import { clearInput, connect, disconnect } from "../core/edit/inputs.ts";
import { addNode, bypassNodes, collapseNodes, deleteNodes, tintNodes } from "../core/edit/nodes.ts";
import { addNote, addReroute, deleteNotes, dissolveFrames, frameNodes, framesOf, hideWires, setFrame, setNote } from "../core/edit/notes.ts";
import { around, frameRect, type Rect, rectOf, type TypeOf, WIDTH, wirePoints } from "../core/geometry.ts";
import { type Link, linksOf, wireOf, type Wire, wireText } from "../core/graph.ts";
import { fitOf, leadsTo } from "../core/connect.ts";
import { descendants, ancestors } from "../core/graph.ts";
import type { Point, Tint } from "../core/view.ts";
import { type Draft, placeOf } from "../core/draft.ts";
import { draftNow, edit, sceneNow, typeOfNow } from "./documents.ts";
import { countUse, sayNow } from "./preferences.ts";
import { stageNow } from "./stage.ts";
import { type Linking, select, toast, views } from "./views.ts";

/** How far copies stand from what they were made of. */
const BESIDE = 32;

/** Add a node with its middle at a point, and give it the keyboard. Returns its name. */
export function placeNode(type: string, at: Point, isCentered = true): string {
  const rect = { x: Math.round(isCentered ? at.x - WIDTH / 2 : at.x), y: Math.round(isCentered ? at.y - 24 : at.y) };
  const { draft, name } = addNode(draftNow(), type, rect);
  edit("deed.add", () => draft);
  countUse(type);
  select({ nodes: new Set([name]) });
  views.setState({ focused: name });
  return name;
}

export function deleteSelection(): void {
  const { nodes, frames, notes, links } = views.getState();
  if (nodes.size + frames.size + notes.size + links.size === 0) return;
  const inputs = [...links].map(wireOf).filter((wire) => wire !== undefined);
  const isWiresAlone = nodes.size + frames.size + notes.size === 0;
  edit(isWiresAlone ? "deed.disconnect" : "deed.delete", (draft) =>
    deleteNodes(dissolveFrames(deleteNotes(disconnect(draft, inputs), notes), frames), nodes),
  );
  select({});
  views.setState({ focused: null, entered: null });
  stageNow()?.focus();
}

/** The selection as text for the clipboard; empty where nothing is selected. */
export function copySelection(): string {
  const { nodes, notes, frames } = views.getState();
  const held = new Set(nodes);
  for (const id of frames) for (const name of draftNow().view.frames.get(id)?.members ?? []) held.add(name);
  return held.size + notes.size > 0 ? copied(draftNow(), held, notes) : "";
}

/** Put copied nodes in at a point, or beside where they came from. Tells whether there were any. */
export function pasteText(text: string, at: Point | null, keepsOutside: boolean, deed: "deed.paste" | "deed.duplicate" = "deed.paste"): boolean {
  const copy = readCopied(text);
  if (copy === undefined) return false;
  const corner = around([...copy.view.places.values(), ...copy.view.notes.values()].map((point) => ({ ...point, width: 0, height: 0 })));
  const beside = { x: (corner?.x ?? 0) + BESIDE, y: (corner?.y ?? 0) + BESIDE };
  const found = pasted(draftNow(), copy, at ?? beside, keepsOutside);
  edit(deed, () => found.draft);
  select({ nodes: found.names, notes: found.notes });
  return true;
}

export function duplicateSelection(): void {
  pasteText(copySelection(), null, true, "deed.duplicate");
}

export function selectAll(): void {
  const { graph, view } = draftNow();
  select({ nodes: new Set(graph.nodes.keys()), notes: new Set(view.notes.keys()) });
}

export function frameSelection(): void {
  const { nodes } = views.getState();
  if (nodes.size === 0) return;
  const { draft, id } = frameNodes(draftNow(), nodes, sayNow()("frame.untitled"));
  edit("deed.frame", () => draft);
  select({ frames: new Set([id]) });
  views.setState({ renaming: `$frame:${id}` });
}

export function dissolveSelection(): void {
  const { nodes, frames } = views.getState();
  const ids = new Set([...frames, ...framesOf(draftNow(), nodes)]);
  if (ids.size > 0) edit("deed.unframe", (draft) => dissolveFrames(draft, ids));
}

export function toggleBypass(): void {
  const names = [...selectedNodes()];
  if (names.length === 0) return;
  const isAll = names.every((name) => draftNow().graph.nodes.get(name)?.isBypassed);
  edit("deed.bypass", (draft) => bypassNodes(draft, names, !isAll));
}

/** The selected nodes, with those of selected frames. */
export function selectedNodes(): ReadonlySet<string> {
  const { nodes, frames } = views.getState();
  const all = new Set(nodes);
  for (const id of frames) for (const name of draftNow().view.frames.get(id)?.members ?? []) all.add(name);
  return all;
}

export function toggleCollapse(): void {
  const names = [...selectedNodes()];
  if (names.length === 0) return;
  const isAll = names.every((name) => placeOf(draftNow(), name).isCollapsed);
  edit("deed.collapse", (draft) => collapseNodes(draft, names, !isAll));
}

export function tintSelection(tint: Tint | null): void {
  const { frames, notes, nodes } = views.getState();
  edit("deed.tint", (draft) => {
    let changed = nodes.size > 0 ? tintNodes(draft, nodes, tint) : draft;
    for (const id of frames) changed = setFrame(changed, id, { tint: tint ?? "grey" });
    for (const id of notes) changed = setNote(changed, id, { tint: tint ?? "yellow" });
    return changed;
  });
}

/** Lead the selected wire through a point, or through its middle. */
export function rerouteSelection(at: Point | null): void {
  const [id] = views.getState().links;
  const wire = [...linksOf(draftNow().graph)].find((one) => wireText(one.to) === id);
  if (wire === undefined || id === undefined) return;
  const [from, to] = wirePoints(draftNow(), typeOfNow, wire.from, wire.to);
  const points = [from, ...(draftNow().view.reroutes.get(id) ?? []), to];
  const point = at ?? { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  const middle = (place: number) => ({ x: ((points[place]?.x ?? 0) + (points[place + 1]?.x ?? 0)) / 2, y: ((points[place]?.y ?? 0) + (points[place + 1]?.y ?? 0)) / 2 });
  const distance = (place: number) => Math.hypot(middle(place).x - point.x, middle(place).y - point.y);
  const [segment = 0] = points.slice(1).map((_, place) => place).sort((a, b) => distance(a) - distance(b));
  edit("deed.reroute", (draft) => addReroute(draft, id, segment, { x: Math.round(point.x), y: Math.round(point.y) }));
}

/** Draw the selected wires at their ends alone, or, where all are drawn so, all along again. */
export function toggleHidden(): void {
  const { links } = views.getState();
  const isAll = [...links].every((input) => draftNow().view.hidden.includes(input));
  edit(isAll ? "deed.show" : "deed.hide", (draft) => hideWires(draft, links, !isAll));
}

export function alignSelection(alignment: Alignment): void {
  edit("deed.align", (draft) => align(draft, typeOfNow, [...views.getState().nodes], alignment));
}

export function distributeSelection(axis: "x" | "y"): void {
  edit("deed.align", (draft) => distribute(draft, typeOfNow, [...views.getState().nodes], axis));
}

export function addNoteAt(at: Point): void {
  const { draft, id } = addNote(draftNow(), { x: Math.round(at.x), y: Math.round(at.y) });
  edit("deed.note", () => draft);
  select({ notes: new Set([id]) });
  views.setState({ renaming: `$note:${id}` });
}

/** Begin a wire at an output or an input; an input that has a wire gives it up to be put elsewhere. */
export function linkingFrom(side: "out" | "in", end: Wire, isByKeyboard: boolean): Linking {
  const { graph } = draftNow();
  const blocked = side === "out" ? ancestors(graph, [end.node]) : new Set([end.node, ...descendants(graph, [end.node])]);
  return { side, end, blocked, isByKeyboard };
}

/** The wire between where a link began and where it would end. */
export function linkBetween(linking: Linking, other: Wire): Link {
  return linking.side === "out" ? { from: linking.end, to: other } : { from: other, to: linking.end };
}

/** Make a wire, or say why not. */
export function link(wire: Link, at: Point | null): boolean {
  const fit = fitOf(sceneNow(), wire.from, wire.to);
  if (fit.kind === "refused") {
    toast(fit.said, at);
    return false;
  }
  edit("deed.connect", (draft) => connect(draft, sceneNow(), wire));
  return true;
}

export function unlink(to: Wire): void {
  edit("deed.disconnect", (draft) => clearInput(draft, to));
}

export function wouldLoop(wire: Link): boolean {
  return leadsTo(draftNow().graph, wire.to.node, wire.from.node);
}

/** The rectangle around everything. */
export function wholeRect(draft: Draft = draftNow(), typeOf: TypeOf = typeOfNow): Rect | undefined {
  const frames = [...draft.view.frames.values()].map((frame) => frameRect(draft, typeOf, frame)).filter((rect) => rect !== undefined);
  return around([...[...draft.graph.nodes.keys()].map((name) => rectOf(draft, typeOf, name)), ...draft.view.notes.values(), ...frames]);
}

/** Bring nodes into view and select the first. */
export function revealNode(name: string, way: "least" | "middle" = "least"): void {
  select({ nodes: new Set([name]) });
  stageNow()?.focusNode(name, way);
}

/** The wires into and out of the given nodes. */
export function linksAt(names: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { from, to } of linksOf(draftNow().graph)) if (names.has(from.node) || names.has(to.node)) found.add(wireText(to));
  return found;
}
