/** Copied nodes are a graph document like any other: readable, and the same in every tab and program. */

import { type Draft, draftText, readDraft } from "./draft.ts";
import { EMPTY_GRAPH, type GraphNode, type Input, type Parameter } from "./graph.ts";
import { isSame } from "./json.ts";
import { freshName } from "./names.ts";
import { EMPTY_VIEW, type Frame, type Place, type Point } from "./view.ts";
import { withWires } from "./edit/nodes.ts";

/** Some nodes as JSON text, with every wire that they have: whether those from outside are kept is chosen on pasting. */
export function copied(draft: Draft, names: ReadonlySet<string>, notes: ReadonlySet<string> = new Set()): string {
  const { graph, view } = draft;
  const nodes = new Map([...graph.nodes].filter(([name]) => names.has(name)));
  const used = new Set([...nodes.values()].flatMap((node) => [...node.inputs.values()].map((one) => (one.kind === "param" ? one.name : ""))));
  return draftText({
    graph: { ...EMPTY_GRAPH, nodes, parameters: new Map([...graph.parameters].filter(([name]) => used.has(name))) },
    view: {
      ...EMPTY_VIEW,
      places: new Map([...view.places].filter(([name]) => names.has(name))),
      frames: new Map([...view.frames].filter(([, frame]) => frame.members.every((one) => names.has(one)))),
      notes: new Map([...view.notes].filter(([id]) => notes.has(id))),
      reroutes: new Map([...view.reroutes].filter(([port]) => names.has(port.slice(0, port.lastIndexOf("."))))),
    },
  });
}

/** What was copied, or undefined where the text is no graph with something in it. */
export function readCopied(text: string): Draft | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  const read = readDraft(text);
  if (!read.isOk) return undefined;
  return read.value.graph.nodes.size > 0 || read.value.view.notes.size > 0 ? read.value : undefined;
}

export interface Pasted {
  readonly draft: Draft;
  /** Names that the nodes got. */
  readonly names: ReadonlySet<string>;
  readonly notes: ReadonlySet<string>;
}

/**
 * The draft with copied nodes put in, under fresh names, their upper left corner at `at`. Wires among them are kept; those
 * from outside only where `keepsOutside` says so and the source is there.
 */
export function pasted(draft: Draft, copy: Draft, at: Point, keepsOutside: boolean): Pasted {
  const names = freshNames(copy.graph.nodes.keys(), draft.graph.nodes);
  const parameters = new Map(draft.graph.parameters);
  const parameterNames = new Map<string, string>();
  for (const [name, parameter] of copy.graph.parameters) parameterNames.set(name, takeUp(parameters, name, parameter));
  const nodes = new Map(draft.graph.nodes);
  for (const [name, node] of copy.graph.nodes) {
    const isKept = (source: string) => names.has(source) || (keepsOutside && draft.graph.nodes.has(source));
    nodes.set(names.get(name) ?? name, moved(node, names, parameterNames, isKept));
  }
  return {
    draft: { graph: { ...draft.graph, nodes, parameters }, view: viewWith(draft, copy, names, at) },
    names: new Set(names.values()),
    notes: new Set(freshNames(copy.view.notes.keys(), draft.view.notes).values()),
  };
}

/** For each name one that is free; no two the same. */
function freshNames(given: Iterable<string>, taken: ReadonlyMap<string, unknown>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const used = new Set(taken.keys());
  for (const name of given) {
    const fresh = freshName(name, (one) => used.has(one));
    used.add(fresh);
    found.set(name, fresh);
  }
  return found;
}

/** Put a parameter among the others, unless the same one is there; gives its name. */
function takeUp(parameters: Map<string, Parameter>, name: string, parameter: Parameter): string {
  const known = parameters.get(name);
  if (known?.type === parameter.type && isSame(known.choices, parameter.choices)) return name;
  const fresh = freshName(name, (one) => parameters.has(one));
  parameters.set(fresh, parameter);
  return fresh;
}

function moved(
  node: GraphNode,
  names: ReadonlyMap<string, string>,
  parameters: ReadonlyMap<string, string>,
  isKept: (source: string) => boolean,
): GraphNode {
  const inputs = new Map<string, Input>();
  for (const [port, input] of node.inputs) {
    if (input.kind === "wire" && !isKept(input.wire.node)) continue;
    inputs.set(port, input.kind === "param" ? { kind: "param", name: parameters.get(input.name) ?? input.name } : input);
  }
  const forEach = node.forEach.filter((port) => inputs.has(port));
  return withWires({ ...node, inputs, forEach }, (wire) => ({ ...wire, node: names.get(wire.node) ?? wire.node }));
}

function viewWith(draft: Draft, copy: Draft, names: ReadonlyMap<string, string>, at: Point): Draft["view"] {
  const { view } = draft;
  const corner = cornerOf(copy);
  const shifted = <T extends Point>(point: T): T => ({ ...point, x: point.x - corner.x + at.x, y: point.y - corner.y + at.y });
  const places = new Map(view.places);
  const fallback: Place = { ...corner, isCollapsed: false, tint: null };
  for (const [name, fresh] of names) places.set(fresh, shifted(copy.view.places.get(name) ?? fallback));
  const frames = new Map(view.frames);
  for (const [id, fresh] of freshNames(copy.view.frames.keys(), view.frames)) {
    const frame = copy.view.frames.get(id);
    if (frame !== undefined) frames.set(fresh, membersRenamed(frame, names));
  }
  const notes = new Map(view.notes);
  for (const [id, fresh] of freshNames(copy.view.notes.keys(), view.notes)) {
    const note = copy.view.notes.get(id);
    if (note !== undefined) notes.set(fresh, shifted(note));
  }
  const reroutes = new Map(view.reroutes);
  for (const [input, points] of copy.view.reroutes) {
    const dot = input.lastIndexOf(".");
    const name = names.get(input.slice(0, dot));
    if (name !== undefined) reroutes.set(name + input.slice(dot), points.map(shifted));
  }
  return { ...view, places, frames, notes, reroutes };
}

function membersRenamed(frame: Frame, names: ReadonlyMap<string, string>): Frame {
  return { ...frame, members: frame.members.map((name) => names.get(name) ?? name) };
}

/** The upper left corner of all that was copied. */
function cornerOf(copy: Draft): Point {
  const points: Point[] = [...copy.view.places.values(), ...copy.view.notes.values()];
  if (points.length === 0) return { x: 0, y: 0 };
  return { x: Math.min(...points.map((point) => point.x)), y: Math.min(...points.map((point) => point.y)) };
}
