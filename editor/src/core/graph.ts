/** The graph document: what the engine runs. Where things stand on the canvas is kept apart, in `view.ts`. */

import type { Json, JsonNumber } from "./json.ts";

/** The format that this version reads and writes. */
export const FORMAT = 1;

/** An output: of which node, and which of its ports. */
export interface Wire {
  readonly node: string;
  readonly port: string;
}

/** Where an input's value comes from; by its shape an input has at most one wire. */
export type Input =
  | { readonly kind: "wire"; readonly wire: Wire }
  | { readonly kind: "param"; readonly name: string }
  | { readonly kind: "value"; readonly value: Json };

export interface GraphNode {
  readonly type: string;
  readonly inputs: ReadonlyMap<string, Input>;
  readonly forEach: readonly string[];
  readonly isBypassed: boolean;
  /** The version of the node that the inputs were written for; null for the one that is found. */
  readonly version: number | null;
}

export interface Parameter {
  readonly type: string;
  readonly default?: Json;
  readonly help: string;
  readonly unit: string;
  readonly minimum?: JsonNumber;
  readonly maximum?: JsonNumber;
  readonly choices: readonly Json[];
}

export interface Graph {
  readonly title: string;
  readonly description: string;
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly results: ReadonlyMap<string, Wire>;
}

export const EMPTY_GRAPH: Graph = {
  title: "",
  description: "",
  parameters: new Map(),
  nodes: new Map(),
  results: new Map(),
};

export function newNode(type: string, inputs: ReadonlyMap<string, Input> = new Map()): GraphNode {
  return { type, inputs, forEach: [], isBypassed: false, version: null };
}

export function wired(node: string, port: string): Input {
  return { kind: "wire", wire: { node, port } };
}

export function valued(value: Json): Input {
  return { kind: "value", value };
}

export function wireText(wire: Wire): string {
  return `${wire.node}.${wire.port}`;
}

/** The output that a text `node.port` names, or undefined where it names none. */
export function wireOf(text: string): Wire | undefined {
  const dot = text.lastIndexOf(".");
  if (dot <= 0 || dot === text.length - 1) return undefined;
  return { node: text.slice(0, dot), port: text.slice(dot + 1) };
}

/** A wire on the canvas: from an output into an input. */
export interface Link {
  readonly from: Wire;
  readonly to: Wire;
}

/** Every wire of a graph whose two ends are there, in the order of the document. */
export function* linksOf(graph: Graph): Generator<Link> {
  for (const [name, node] of graph.nodes) {
    for (const [port, input] of node.inputs) {
      if (input.kind === "wire" && graph.nodes.has(input.wire.node)) {
        yield { from: input.wire, to: { node: name, port } };
      }
    }
  }
}

/** For each node the nodes that take something from it. */
export function feeds(graph: Graph): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { from, to } of linksOf(graph)) {
    const fed = found.get(from.node);
    if (fed === undefined) found.set(from.node, new Set([to.node]));
    else fed.add(to.node);
  }
  return found;
}

/** The nodes that a node takes something from. */
export function sourcesOf(graph: Graph, name: string): readonly string[] {
  const inputs = graph.nodes.get(name)?.inputs.values() ?? [];
  const found = new Set<string>();
  for (const input of inputs) if (input.kind === "wire") found.add(input.wire.node);
  return [...found];
}

/** The given nodes and all that lies above them: what a run to them needs. */
export function ancestors(graph: Graph, names: Iterable<string>): ReadonlySet<string> {
  const seen = new Set(names);
  const waiting = [...seen];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    for (const source of sourcesOf(graph, name)) {
      if (!seen.has(source) && graph.nodes.has(source)) {
        seen.add(source);
        waiting.push(source);
      }
    }
  }
  return seen;
}

/** All that lies below the given nodes, themselves not among it unless a circle leads back to them. */
export function descendants(graph: Graph, names: Iterable<string>): ReadonlySet<string> {
  const fed = feeds(graph);
  const seen = new Set<string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    for (const next of fed.get(name) ?? []) {
      if (!seen.has(next)) {
        seen.add(next);
        waiting.push(next);
      }
    }
  }
  return seen;
}

/** The nodes so that sources come first, and those that cannot be sorted since they are on a circle or below one. */
export interface Order {
  readonly sorted: readonly string[];
  readonly left: readonly string[];
}

export function orderOf(graph: Graph): Order {
  const fed = feeds(graph);
  const missing = new Map<string, number>();
  for (const name of graph.nodes.keys()) {
    missing.set(name, sourcesOf(graph, name).filter((source) => graph.nodes.has(source)).length);
  }
  const sorted = [...missing].filter(([, count]) => count === 0).map(([name]) => name);
  for (const name of sorted) {
    for (const next of fed.get(name) ?? []) {
      const left = (missing.get(next) ?? 0) - 1;
      missing.set(next, left);
      if (left === 0) sorted.push(next);
    }
  }
  const done = new Set(sorted);
  return { sorted, left: [...graph.nodes.keys()].filter((name) => !done.has(name)) };
}

/** Every node, sources first; those that cannot be sorted stand last, in the document's order. */
export function sortedNodes(graph: Graph): readonly string[] {
  const { sorted, left } = orderOf(graph);
  return [...sorted, ...left];
}

/** The nodes on circles, and those between two circles. */
export function circlesIn(graph: Graph): ReadonlySet<string> {
  const { left } = orderOf(graph);
  const fed = feeds(graph);
  const kept = new Set(left);
  const waits = new Map(left.map((name) => [name, [...(fed.get(name) ?? [])].filter((next) => kept.has(next)).length]));
  const ends = left.filter((name) => waits.get(name) === 0);
  for (const name of ends) {
    kept.delete(name);
    for (const source of sourcesOf(graph, name)) {
      if (!kept.has(source)) continue;
      const still = (waits.get(source) ?? 0) - 1;
      waits.set(source, still);
      if (still === 0) ends.push(source);
    }
  }
  return kept;
}

/** Whether two graphs have the same nodes, of the same types and wired alike: they differ in values at most. */
export function isWiredAlike(a: Graph, b: Graph): boolean {
  if (a === b) return true;
  if (a.nodes.size !== b.nodes.size || a.parameters !== b.parameters) return false;
  for (const [name, node] of a.nodes) {
    const other = b.nodes.get(name);
    if (other !== node && (other === undefined || !isNodeWiredAlike(node, other))) return false;
  }
  return true;
}

function isNodeWiredAlike(a: GraphNode, b: GraphNode): boolean {
  if (a.type !== b.type || a.isBypassed !== b.isBypassed || a.forEach.join() !== b.forEach.join()) return false;
  if (a.inputs.size !== b.inputs.size) return false;
  for (const [port, input] of a.inputs) {
    const other = b.inputs.get(port);
    if (other === undefined || (other !== input && (input.kind !== "value" || other.kind !== "value"))) return false;
  }
  return true;
}
