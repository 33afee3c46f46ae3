/** A selection made into a graph of its own, which stands in its place as one node; and the way back. */

import { type Catalogue, type Output, SAVED } from "../catalogue.ts";
import { type Draft, placeOf } from "../draft.ts";
import { EMPTY_GRAPH, type Graph, type GraphNode, type Input, linksOf, type Parameter, type Wire, wireText } from "../graph.ts";
import { freshName, titleOf } from "../names.ts";
import { boundBy, plainType, typingOf } from "../typing.ts";
import { boundTo } from "../types.ts";
import { EMPTY_VIEW, type Point } from "../view.ts";
import { deleteNodes } from "./nodes.ts";
import { isSameInput } from "../stale.ts";

export interface Packed {
  /** The draft with one node in place of the selection. */
  readonly outer: Draft;
  /** The saved graph that the node stands for. */
  readonly inner: Draft;
  /** The node's name. */
  readonly name: string;
}

/** The selection as the saved graph `saved`; what came into it becomes parameters, what left it results. */
export function packNodes(draft: Draft, catalogue: Catalogue, names: ReadonlySet<string>, saved: string): Packed {
  const packing = new Packing(draft, catalogue, names);
  const nodes = new Map<string, GraphNode>();
  for (const [name, node] of draft.graph.nodes) if (names.has(name)) nodes.set(name, packing.inside(node));
  const results = packing.results();
  const inner: Draft = {
    graph: { ...EMPTY_GRAPH, title: titleOf(saved), parameters: packing.parameters, nodes, results: results.wires },
    view: {
      ...EMPTY_VIEW,
      places: new Map([...draft.view.places].filter(([name]) => names.has(name))),
      frames: new Map([...draft.view.frames].filter(([, frame]) => frame.members.every((one) => names.has(one)))),
      reroutes: new Map([...draft.view.reroutes].filter(([port]) => names.has(port.slice(0, port.lastIndexOf("."))))),
    },
  };
  const name = freshName(saved, (one) => draft.graph.nodes.has(one));
  const node: GraphNode = { type: SAVED + saved, inputs: packing.given, forEach: [], isBypassed: false, version: null };
  return { outer: replaced(draft, names, name, node, results.names), inner, name };
}

/** Collects what crosses the border of a selection. */
class Packing {
  readonly parameters = new Map<string, Parameter>();
  readonly given = new Map<string, Input>();
  private readonly draft: Draft;
  private readonly catalogue: Catalogue;
  private readonly names: ReadonlySet<string>;
  private readonly typing: ReturnType<typeof typingOf>;

  constructor(draft: Draft, catalogue: Catalogue, names: ReadonlySet<string>) {
    this.draft = draft;
    this.catalogue = catalogue;
    this.names = names;
    this.typing = typingOf(draft.graph, catalogue);
  }

  /** A node as it stands inside: what came from outside comes from a parameter. */
  inside(node: GraphNode): GraphNode {
    const inputs = new Map<string, Input>();
    for (const [port, input] of node.inputs) {
      const isOutside = input.kind === "param" || (input.kind === "wire" && !this.names.has(input.wire.node));
      inputs.set(port, isOutside ? { kind: "param", name: this.parameterFor(node, port, input) } : input);
    }
    return { ...node, inputs };
  }

  private parameterFor(node: GraphNode, port: string, input: Input): string {
    for (const [known, given] of this.given) if (isSameInput(given, input)) return known;
    const word = input.kind === "param" ? input.name : port;
    const fresh = freshName(word, (one) => this.parameters.has(one));
    const outside = input.kind === "param" ? this.draft.graph.parameters.get(input.name) : undefined;
    this.parameters.set(fresh, outside ?? { type: this.typeAt(node, port, input), help: "", unit: "", choices: [] });
    this.given.set(fresh, input);
    return fresh;
  }

  /** The type that a port takes as it stands, or that of what it is given where any type would do. */
  private typeAt(node: GraphNode, port: string, input: Input): string {
    const type = this.catalogue.nodes.get(node.type);
    const taken = type?.inputs.find((one) => one.name === port);
    const gives = input.kind === "wire" ? (this.typing.get(input.wire.node)?.get(input.wire.port) ?? "") : "";
    if (type === undefined || taken === undefined) return gives || "json";
    return boundTo(plainType(node, taken), gives || "json", boundBy(this.draft.graph, this.typing, node, type, port));
  }

  /** The outputs that are used outside, under fresh names. */
  results(): { wires: ReadonlyMap<string, Wire>; names: ReadonlyMap<string, string> } {
    const wires = new Map<string, Wire>();
    const names = new Map<string, string>();
    const add = (wire: Wire) => {
      if (!this.names.has(wire.node) || names.has(wireText(wire))) return;
      const word = wire.port === "value" ? wire.node : wire.port;
      const fresh = freshName(word, (one) => wires.has(one));
      wires.set(fresh, wire);
      names.set(wireText(wire), fresh);
    };
    for (const { from, to } of linksOf(this.draft.graph)) if (!this.names.has(to.node)) add(from);
    for (const wire of this.draft.graph.results.values()) add(wire);
    return { wires, names };
  }
}

function replaced(draft: Draft, names: ReadonlySet<string>, name: string, node: GraphNode, results: ReadonlyMap<string, string>): Draft {
  const through = (wire: Wire): Wire => {
    const result = results.get(wireText(wire));
    return result === undefined ? wire : { node: name, port: result };
  };
  const nodes = new Map<string, GraphNode>();
  for (const [one, old] of draft.graph.nodes) {
    if (!names.has(one)) nodes.set(one, { ...old, inputs: rewired(old.inputs, through) });
    else if (!nodes.has(name)) nodes.set(name, node);
  }
  const wires = new Map([...draft.graph.results].map(([result, wire]) => [result, through(wire)]));
  const places = new Map(draft.view.places);
  places.set(name, { ...middleOf(draft, names), isCollapsed: false, tint: null });
  const graph: Graph = { ...draft.graph, nodes, results: wires };
  const kept = deleteNodes({ graph: { ...graph, nodes: withGone(nodes, names, draft) }, view: { ...draft.view, places } }, names);
  return { ...kept, graph };
}

/** The nodes with those that go still among them, so that the view can be cleared of them. */
function withGone(nodes: ReadonlyMap<string, GraphNode>, names: ReadonlySet<string>, draft: Draft): ReadonlyMap<string, GraphNode> {
  const all = new Map(nodes);
  for (const name of names) {
    const node = draft.graph.nodes.get(name);
    if (node !== undefined) all.set(name, node);
  }
  return all;
}

function rewired(inputs: ReadonlyMap<string, Input>, through: (wire: Wire) => Wire): ReadonlyMap<string, Input> {
  return new Map([...inputs].map(([port, input]) => [port, input.kind === "wire" ? { kind: "wire", wire: through(input.wire) } : input]));
}

function middleOf(draft: Draft, names: ReadonlySet<string>): Point {
  const places = [...names].map((name) => placeOf(draft, name));
  const sum = places.reduce((all, { x, y }) => ({ x: all.x + x, y: all.y + y }), { x: 0, y: 0 });
  const count = Math.max(1, places.length);
  return { x: Math.round(sum.x / count), y: Math.round(sum.y / count) };
}

/** The draft with a node that is a saved graph opened into what it stands for, or undefined where that would lose something. */
export function unpackNode(draft: Draft, name: string, inner: Draft): { draft: Draft; names: ReadonlySet<string> } | undefined {
  const node = draft.graph.nodes.get(name);
  // A loop over a graph, or one that is bypassed, says more than its nodes could say.
  if (node?.type.startsWith(SAVED) !== true || node.forEach.length > 0 || node.isBypassed) return undefined;
  const names = new Map<string, string>();
  const isTaken = (one: string) => (one !== name && draft.graph.nodes.has(one)) || [...names.values()].includes(one);
  for (const one of inner.graph.nodes.keys()) names.set(one, freshName(one, isTaken));
  const nodes = new Map<string, GraphNode>();
  const through = (wire: Wire): Wire => {
    const result = wire.node === name ? inner.graph.results.get(wire.port) : undefined;
    return result === undefined ? wire : { node: names.get(result.node) ?? result.node, port: result.port };
  };
  for (const [one, old] of draft.graph.nodes) {
    if (one !== name) nodes.set(one, { ...old, inputs: rewired(old.inputs, through) });
    else for (const [id, part] of inner.graph.nodes) nodes.set(names.get(id) ?? id, opened(part, names, node, inner.graph));
  }
  const results = new Map([...draft.graph.results].map(([result, wire]) => [result, through(wire)]));
  return { draft: { graph: { ...draft.graph, nodes, results }, view: viewOpened(draft, name, inner, names) }, names: new Set(names.values()) };
}

/** A node of the saved graph as it stands outside: each parameter is what the saved graph's node was given for it. */
function opened(part: GraphNode, names: ReadonlyMap<string, string>, node: GraphNode, inner: Graph): GraphNode {
  const inputs = new Map<string, Input>();
  for (const [port, input] of part.inputs) {
    if (input.kind === "wire") {
      inputs.set(port, { kind: "wire", wire: { ...input.wire, node: names.get(input.wire.node) ?? input.wire.node } });
      continue;
    }
    if (input.kind === "value") {
      inputs.set(port, input);
      continue;
    }
    const fallback = inner.parameters.get(input.name)?.default;
    const given = node.inputs.get(input.name) ?? (fallback === undefined ? undefined : { kind: "value" as const, value: fallback });
    if (given !== undefined) inputs.set(port, given);
  }
  return { ...part, inputs, forEach: part.forEach.filter((port) => inputs.has(port)) };
}

function viewOpened(draft: Draft, name: string, inner: Draft, names: ReadonlyMap<string, string>): Draft["view"] {
  const middle = middleOf(inner, new Set(inner.graph.nodes.keys()));
  const stood = placeOf(draft, name);
  const places = new Map(draft.view.places);
  places.delete(name);
  for (const [one, fresh] of names) {
    const place = placeOf(inner, one);
    places.set(fresh, { ...place, x: place.x - middle.x + stood.x, y: place.y - middle.y + stood.y });
  }
  const frames = new Map(draft.view.frames);
  for (const [id, frame] of inner.view.frames) {
    frames.set(freshName(id, (one) => frames.has(one)), { ...frame, members: frame.members.map((one) => names.get(one) ?? one) });
  }
  return { ...draft.view, places, frames };
}

/** The outputs of a saved graph with their types. */
export function outputsOfSaved(graph: Graph, catalogue: Catalogue): readonly Output[] {
  const typing = typingOf(graph, catalogue);
  return [...graph.results].map(([name, wire]) => ({ name, type: typing.get(wire.node)?.get(wire.port) || "any" }));
}
