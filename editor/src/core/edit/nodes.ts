/** Nodes come, go, move, are renamed and bypassed. Each function gives a new draft and changes none. */

import { type Draft, placeOf, withNodes, withPlaces } from "../draft.ts";
import { type GraphNode, type Input, newNode, type Wire, wireOf, wireText } from "../graph.ts";
import { freshName, isName } from "../names.ts";
import type { Point, Tint } from "../view.ts";

/** The draft with a node more, and the name that it got. */
export function addNode(draft: Draft, type: string, at: Point, inputs?: ReadonlyMap<string, Input>): { draft: Draft; name: string } {
  const name = freshName(type, (one) => draft.graph.nodes.has(one));
  const added = withNodes(draft, [[name, newNode(type, inputs)]]);
  return { draft: withPlaces(added, [[name, { ...at, isCollapsed: false, tint: null }]]), name };
}

/** The draft without some nodes, and without what they gave to others. */
export function deleteNodes(draft: Draft, names: ReadonlySet<string>): Draft {
  const nodes = new Map<string, GraphNode>();
  for (const [name, node] of draft.graph.nodes) if (!names.has(name)) nodes.set(name, withoutSources(node, names));
  const results = new Map([...draft.graph.results].filter(([, wire]) => !names.has(wire.node)));
  const { view } = draft;
  const stays = (port: string) => {
    const wire = wireOf(port);
    const input = wire === undefined ? undefined : nodes.get(wire.node)?.inputs.get(wire.port);
    return input !== undefined;
  };
  return {
    graph: { ...draft.graph, nodes, results },
    view: {
      ...view,
      places: filtered(view.places, (name) => !names.has(name)),
      frames: new Map(
        [...view.frames]
          .map(([id, frame]) => [id, { ...frame, members: frame.members.filter((one) => !names.has(one)) }] as const)
          .filter(([, frame]) => frame.members.length > 0),
      ),
      reroutes: filtered(view.reroutes, stays),
      hidden: view.hidden.filter(stays),
      form: view.form.filter((port) => !names.has(wireOf(port)?.node ?? "")),
      counting: view.counting.filter((port) => !names.has(wireOf(port)?.node ?? "")),
    },
  };
}

function withoutSources(node: GraphNode, names: ReadonlySet<string>): GraphNode {
  const isGone = (input: Input) => input.kind === "wire" && names.has(input.wire.node);
  if (![...node.inputs.values()].some(isGone)) return node;
  const inputs = new Map([...node.inputs].filter(([, input]) => !isGone(input)));
  return { ...node, inputs, forEach: node.forEach.filter((port) => inputs.has(port)) };
}

function filtered<T>(given: ReadonlyMap<string, T>, isKept: (key: string) => boolean): ReadonlyMap<string, T> {
  return new Map([...given].filter(([key]) => isKept(key)));
}

/** The draft with nodes standing at the given points. */
export function moveNodes(draft: Draft, points: ReadonlyMap<string, Point>): Draft {
  return withPlaces(draft, [...points].map(([name, { x, y }]) => [name, { ...placeOf(draft, name), x, y }] as const));
}

export function collapseNodes(draft: Draft, names: Iterable<string>, isCollapsed: boolean): Draft {
  return withPlaces(draft, [...names].map((name) => [name, { ...placeOf(draft, name), isCollapsed }] as const));
}

export function tintNodes(draft: Draft, names: Iterable<string>, tint: Tint | null): Draft {
  return withPlaces(draft, [...names].map((name) => [name, { ...placeOf(draft, name), tint }] as const));
}

/** The draft with nodes bypassed, or taking part again. */
export function bypassNodes(draft: Draft, names: Iterable<string>, isBypassed: boolean): Draft {
  return withNodes(draft, changedNodes(draft, names, (node) => ({ ...node, isBypassed })));
}

function changedNodes(draft: Draft, names: Iterable<string>, change: (node: GraphNode) => GraphNode): [string, GraphNode][] {
  const changed: [string, GraphNode][] = [];
  for (const name of names) {
    const node = draft.graph.nodes.get(name);
    if (node !== undefined) changed.push([name, change(node)]);
  }
  return changed;
}

/** The draft with another type for a node: what the new one has under the same name is kept, and the rest too. */
export function replaceType(draft: Draft, name: string, type: string): Draft {
  return withNodes(draft, changedNodes(draft, [name], (node) => ({ ...node, type, version: null })));
}

/** Whether a node may be called so: it is a name, and nobody else's. */
export function mayRename(draft: Draft, name: string, to: string): "yes" | "taken" | "noName" {
  if (!isName(to)) return "noName";
  return to !== name && draft.graph.nodes.has(to) ? "taken" : "yes";
}

/** The draft with a node under another name, which every wire, result, frame and place follows. */
export function renameNode(draft: Draft, name: string, to: string): Draft {
  if (name === to || mayRename(draft, name, to) !== "yes") return draft;
  return renamed(draft, new Map([[name, to]]));
}

/** The draft with nodes under other names; the new ones are free. */
export function renamed(draft: Draft, names: ReadonlyMap<string, string>): Draft {
  const nameOf = (name: string) => names.get(name) ?? name;
  const wireTo = (wire: Wire): Wire => (names.has(wire.node) ? { ...wire, node: nameOf(wire.node) } : wire);
  const portOf = (port: string) => {
    const wire = wireOf(port);
    return wire === undefined ? port : wireText(wireTo(wire));
  };
  const { graph, view } = draft;
  return {
    graph: {
      ...graph,
      nodes: new Map([...graph.nodes].map(([name, node]) => [nameOf(name), withWires(node, wireTo)])),
      results: new Map([...graph.results].map(([result, wire]) => [result, wireTo(wire)])),
    },
    view: {
      ...view,
      places: new Map([...view.places].map(([name, place]) => [nameOf(name), place])),
      frames: new Map([...view.frames].map(([id, frame]) => [id, { ...frame, members: frame.members.map(nameOf) }])),
      reroutes: new Map([...view.reroutes].map(([port, points]) => [portOf(port), points])),
      hidden: view.hidden.map(portOf),
      form: view.form.map(portOf),
      counting: view.counting.map(portOf),
    },
  };
}

/** A node whose wires come from elsewhere. */
export function withWires(node: GraphNode, wireTo: (wire: Wire) => Wire): GraphNode {
  const inputs = new Map<string, Input>();
  let isChanged = false;
  for (const [port, input] of node.inputs) {
    const wire = input.kind === "wire" ? wireTo(input.wire) : undefined;
    isChanged ||= input.kind === "wire" && wire !== input.wire;
    inputs.set(port, wire === undefined ? input : { kind: "wire", wire });
  }
  return isChanged ? { ...node, inputs } : node;
}
