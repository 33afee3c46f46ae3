/** A graph with the saved graphs that it is made of opened into it, its nodes named as the steps of a run are. */

import type { Draft } from "./draft.ts";
import { type Graph, type GraphNode, type Input, type Wire, wired } from "./graph.ts";
import { savedIn } from "./levels.ts";

type Saved = ReadonlyMap<string, Draft>;

/** A graph where it stands: within which node of which other. */
interface Place {
  readonly graph: Graph;
  readonly prefix: string;
  readonly above: { readonly place: Place; readonly node: GraphNode } | null;
  readonly depth: number;
}

/** Deeper than any graph that the engine takes: a graph within itself ends here. */
const DEEPEST = 32;

/** The graph with all that lies within it. What is called for each item of a list, or bypassed, stays one node. */
export function flattened(graph: Graph, saved: Saved): Graph {
  const nodes = new Map<string, GraphNode>();
  const waiting: Place[] = [{ graph, prefix: "", above: null, depth: 0 }];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    for (const [name, node] of place.graph.nodes) {
      const inner = innerOf(place, name, saved);
      if (inner === undefined) nodes.set(place.prefix + name, { ...node, inputs: inputsOf(place, node, saved) });
      else waiting.push(inner);
    }
  }
  return { ...graph, nodes };
}

/** The output, by the name of its step, that an output of a node hands on; undefined where that is none within it. */
export function madeWithin(graph: Graph, saved: Saved, { node, port }: Wire): Wire | undefined {
  const source = sourceOf({ graph, prefix: "", above: null, depth: 0 }, wired(node, port), saved);
  return source?.kind === "wire" && source.wire.node !== node ? source.wire : undefined;
}

/** The saved graph that a node stands for, where it is opened. */
function innerOf(place: Place, name: string, saved: Saved): Place | undefined {
  const node = place.graph.nodes.get(name);
  const graph = saved.get(savedIn(node?.type) ?? "")?.graph;
  if (node === undefined || graph === undefined || node.forEach.length > 0 || node.isBypassed || place.depth === DEEPEST) return undefined;
  return { graph, prefix: `${place.prefix}${name}/`, above: { place, node }, depth: place.depth + 1 };
}

function inputsOf(place: Place, node: GraphNode, saved: Saved): ReadonlyMap<string, Input> {
  const inputs = new Map<string, Input>();
  for (const [port, input] of node.inputs) {
    const source = sourceOf(place, input, saved);
    if (source !== undefined) inputs.set(port, source);
  }
  return inputs;
}

/** Where an input's value comes from in the end; undefined where nothing is given. */
function sourceOf(place: Place, input: Input, saved: Saved): Input | undefined {
  if (input.kind === "value") return input;
  if (input.kind === "param") {
    const given = place.above?.node.inputs.get(input.name);
    return place.above === null ? input : given === undefined ? undefined : sourceOf(place.above.place, given, saved);
  }
  const { node, port } = input.wire;
  const inner = innerOf(place, node, saved);
  if (inner === undefined) return wired(place.prefix + node, port);
  const made = inner.graph.results.get(port);
  return made === undefined ? undefined : sourceOf(inner, { kind: "wire", wire: made }, saved);
}
