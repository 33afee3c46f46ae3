/** What React Flow says was dragged and selected, as edits of the draft. */

import type { EdgeChange, NodeChange } from "@xyflow/react";

import { type Draft, placeOf } from "../core/draft.ts";
import { insertOnWire } from "../core/edit/insert.ts";
import { moveNodes } from "../core/edit/nodes.ts";
import { framesOf, intoFrame, moveReroute, setNote } from "../core/edit/notes.ts";
import { contains, frameRect, rectOf, wirePoints } from "../core/geometry.ts";
import { linksOf, wireText } from "../core/graph.ts";
import type { Point } from "../core/view.ts";
import { draftNow, edit, sceneNow, typeOfNow } from "../state/documents.ts";
import { linkIdOf, views } from "../state/views.ts";
import { rerouteOf } from "./Boxes.tsx";
import { FRAME, type FlowEdge, type FlowNode, NOTE, REROUTE } from "./flow.ts";
import { comesThrough } from "./wirePath.ts";

/** The part of a node that a wire must come through for the node to be put into it, in pixels of the canvas. */
const UPPER = 80;
const ABOVE = 12;

let gesture = 0;

/** Everything moved until the next call is one step of undo. */
export function beginGesture(): void {
  gesture += 1;
}

function joining(): { key: string; pause: number } {
  return { key: `gesture:${String(gesture)}`, pause: Infinity };
}

export function applyNodeChanges(changes: readonly NodeChange<FlowNode>[]): void {
  const moves = new Map<string, Point>();
  for (const change of changes) {
    if (change.type === "position" && change.position !== undefined) moves.set(change.id, change.position);
  }
  if (moves.size > 0) edit("deed.move", (draft) => moved(draft, moves), joining());
  const chosen = changes.filter((change) => change.type === "select");
  if (chosen.length > 0) applySelection(new Map(chosen.map((change) => [change.id, change.selected])));
}

/** The draft with what was dragged where it is now. A frame takes its nodes along, each of them once. */
function moved(draft: Draft, moves: ReadonlyMap<string, Point>): Draft {
  const points = new Map<string, Point>();
  let changed = draft;
  for (const [id, point] of moves) {
    if (id.startsWith(NOTE)) changed = setNote(changed, id.slice(NOTE.length), { x: Math.round(point.x), y: Math.round(point.y) });
    else if (id.startsWith(REROUTE)) {
      const { input, place } = rerouteOf(id);
      changed = moveReroute(changed, input, place, { x: Math.round(point.x + 6), y: Math.round(point.y + 6) });
    } else if (!id.startsWith(FRAME)) points.set(id, { x: Math.round(point.x), y: Math.round(point.y) });
  }
  for (const [id, point] of moves) {
    const frame = id.startsWith(FRAME) ? draft.view.frames.get(id.slice(FRAME.length)) : undefined;
    const rect = frame === undefined ? undefined : frameRect(draft, typeOfNow, frame);
    if (frame === undefined || rect === undefined) continue;
    for (const name of frame.members) {
      const place = placeOf(draft, name);
      if (!points.has(name)) points.set(name, { x: Math.round(place.x + point.x - rect.x), y: Math.round(place.y + point.y - rect.y) });
    }
  }
  return points.size > 0 ? moveNodes(changed, points) : changed;
}

function applySelection(chosen: ReadonlyMap<string, boolean>): void {
  views.setState((state) => {
    const nodes = new Set(state.nodes);
    const frames = new Set(state.frames);
    const notes = new Set(state.notes);
    for (const [id, isSelected] of chosen) {
      if (id.startsWith(REROUTE)) continue;
      const [set, key] = id.startsWith(FRAME) ? [frames, id.slice(FRAME.length)] : id.startsWith(NOTE) ? [notes, id.slice(NOTE.length)] : [nodes, id];
      if (isSelected) set.add(key);
      else set.delete(key);
    }
    const [last] = [...chosen].filter(([id, isSelected]) => isSelected && !id.startsWith("$")).map(([id]) => id);
    return { nodes, frames, notes, ...(last === undefined ? {} : { focused: last, entered: state.entered === last ? last : null }) };
  });
}

export function applyEdgeChanges(changes: readonly EdgeChange<FlowEdge>[]): void {
  const chosen = changes.filter((change) => change.type === "select");
  if (chosen.length === 0) return;
  views.setState((state) => {
    const links = new Set(state.links);
    for (const change of chosen) {
      if (change.selected) links.add(change.id);
      else links.delete(change.id);
    }
    return { links };
  });
}

/** The wire that a node would be put into where it is, or null: one that comes through its upper part. */
export function wireUnder(name: string): string | null {
  const draft = draftNow();
  const whole = rectOf(draft, typeOfNow, name);
  const rect = { ...whole, y: whole.y - ABOVE, height: Math.min(whole.height, UPPER) + ABOVE };
  for (const link of linksOf(draft.graph)) {
    if (link.from.node === name || link.to.node === name || draft.view.hidden.includes(wireText(link.to))) continue;
    const [from, to] = wirePoints(draft, typeOfNow, link.from, link.to);
    const points = [from, ...(draft.view.reroutes.get(wireText(link.to)) ?? []), to];
    if (comesThrough(points, rect) && insertOnWire(draft, sceneNow(), name, link) !== undefined) return linkIdOf(link);
  }
  return null;
}

/** What dropping does besides moving: into the wire below, and into the frame. */
export function dropped(name: string, id: string | null): void {
  const link = id === null ? undefined : [...linksOf(draftNow().graph)].find((one) => linkIdOf(one) === id);
  if (link !== undefined) {
    edit("deed.insert", (draft) => insertOnWire(draft, sceneNow(), name, link) ?? draft, joining());
    return;
  }
  const draft = draftNow();
  if (framesOf(draft, new Set([name])).size > 0) return;
  const rect = rectOf(draft, typeOfNow, name);
  const middle = { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 };
  for (const [frame, { members, title, tint }] of draft.view.frames) {
    const held = frameRect(draft, typeOfNow, { members, title, tint });
    if (held !== undefined && contains(held, middle)) {
      edit("deed.frame", (now) => intoFrame(now, frame, new Set([name])), joining());
      return;
    }
  }
}
