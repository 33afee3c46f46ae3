/** Frames around nodes, notes between them, and points that wires go through. None of it is run. */

import { type Draft, withView } from "../draft.ts";
import { freshName } from "../names.ts";
import type { Frame, Note, Point, Tint } from "../view.ts";

/** The draft with a frame around some nodes, taken out of the frames that they were in; and the frame's id. */
export function frameNodes(draft: Draft, names: ReadonlySet<string>, title: string, tint: Tint = "grey"): { draft: Draft; id: string } {
  const members = [...draft.graph.nodes.keys()].filter((name) => names.has(name));
  const id = freshName("frame", (one) => draft.view.frames.has(one));
  if (members.length === 0) return { draft, id };
  const frames = new Map(framesWithout(draft, names));
  frames.set(id, { title, tint, members });
  return { draft: withView(draft, { frames }), id };
}

/** The frames without some of their members; those that hold nothing then are gone. */
export function framesWithout(draft: Draft, names: ReadonlySet<string>): ReadonlyMap<string, Frame> {
  const frames = new Map<string, Frame>();
  for (const [id, frame] of draft.view.frames) {
    const members = frame.members.filter((name) => !names.has(name));
    if (members.length > 0) frames.set(id, members.length === frame.members.length ? frame : { ...frame, members });
  }
  return frames;
}

export function unframe(draft: Draft, names: ReadonlySet<string>): Draft {
  return withView(draft, { frames: framesWithout(draft, names) });
}

/** The draft without some frames; what they held stays where it is. */
export function dissolveFrames(draft: Draft, ids: ReadonlySet<string>): Draft {
  return withView(draft, { frames: new Map([...draft.view.frames].filter(([id]) => !ids.has(id))) });
}

/** The frames that hold any of the given nodes. */
export function framesOf(draft: Draft, names: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...draft.view.frames].filter(([, frame]) => frame.members.some((one) => names.has(one))).map(([id]) => id));
}

export function setFrame(draft: Draft, id: string, change: Partial<Frame>): Draft {
  const frame = draft.view.frames.get(id);
  if (frame === undefined) return draft;
  return withView(draft, { frames: new Map(draft.view.frames).set(id, { ...frame, ...change }) });
}

/** The draft with nodes put into a frame. */
export function intoFrame(draft: Draft, id: string, names: ReadonlySet<string>): Draft {
  const frame = draft.view.frames.get(id);
  if (frame === undefined) return draft;
  const frames = new Map(framesWithout(draft, names));
  const kept = frames.get(id)?.members ?? [];
  frames.set(id, { ...frame, members: [...kept, ...names] });
  return withView(draft, { frames });
}

export function addNote(draft: Draft, at: Point, text = ""): { draft: Draft; id: string } {
  const id = freshName("note", (one) => draft.view.notes.has(one));
  const note: Note = { ...at, text, width: 240, height: 120, tint: "yellow" };
  return { draft: withView(draft, { notes: new Map(draft.view.notes).set(id, note) }), id };
}

export function setNote(draft: Draft, id: string, change: Partial<Note>): Draft {
  const note = draft.view.notes.get(id);
  if (note === undefined) return draft;
  return withView(draft, { notes: new Map(draft.view.notes).set(id, { ...note, ...change }) });
}

export function deleteNotes(draft: Draft, ids: ReadonlySet<string>): Draft {
  return withView(draft, { notes: new Map([...draft.view.notes].filter(([id]) => !ids.has(id))) });
}

/** The draft with a wire going through one more point; `place` counts from the wire's start. */
export function addReroute(draft: Draft, input: string, place: number, at: Point): Draft {
  return withPoints(draft, input, (points) => points.toSpliced(place, 0, at));
}

export function moveReroute(draft: Draft, input: string, place: number, at: Point): Draft {
  return withPoints(draft, input, (points) => (place < points.length ? points.with(place, at) : points));
}

export function deleteReroute(draft: Draft, input: string, place: number): Draft {
  return withPoints(draft, input, (points) => points.toSpliced(place, 1));
}

function withPoints(draft: Draft, input: string, change: (points: readonly Point[]) => readonly Point[]): Draft {
  const points = change(draft.view.reroutes.get(input) ?? []);
  const reroutes = new Map(draft.view.reroutes);
  if (points.length > 0) reroutes.set(input, points);
  else reroutes.delete(input);
  return withView(draft, { reroutes });
}

/** The draft with the wires into some inputs drawn at their ends alone, or all along again. */
export function hideWires(draft: Draft, inputs: ReadonlySet<string>, isHidden: boolean): Draft {
  const others = draft.view.hidden.filter((input) => !inputs.has(input));
  return withView(draft, { hidden: isHidden ? [...others, ...inputs] : others });
}
