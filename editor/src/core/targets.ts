/** What a run is asked for. */

import { ancestors, feeds, type Graph, type Wire } from "./graph.ts";
import type { TypeOf } from "./geometry.ts";

/** The outputs that a run makes: those of the given nodes, else the results, else what nothing else takes. */
export function targetsOf(graph: Graph, typeOf: TypeOf, names: readonly string[] = []): readonly Wire[] {
  if (names.length > 0) return names.flatMap((name) => outputsOf(typeOf, name));
  if (graph.results.size > 0) return [];
  const fed = feeds(graph);
  return [...graph.nodes.keys()].filter((name) => (fed.get(name)?.size ?? 0) === 0).flatMap((name) => outputsOf(typeOf, name).slice(0, 1));
}

function outputsOf(typeOf: TypeOf, name: string): readonly Wire[] {
  return typeOf(name).outputs.map((output) => ({ node: name, port: output.name }));
}

/** The nodes that a run with such targets may need. */
export function neededBy(graph: Graph, targets: readonly Wire[]): ReadonlySet<string> {
  const ends = targets.length > 0 ? targets : [...graph.results.values()];
  return ancestors(graph, ends.map((wire) => wire.node).filter((name) => graph.nodes.has(name)));
}

/** The graph without what some nodes do not need: that may be unfinished. */
export function partFor(graph: Graph, names: readonly string[]): Graph {
  const needed = ancestors(graph, names);
  return {
    ...graph,
    nodes: new Map([...graph.nodes].filter(([name]) => needed.has(name))),
    results: new Map([...graph.results].filter(([, wire]) => needed.has(wire.node))),
  };
}

/** The node of the graph that a step belongs to: steps within saved graphs and loops are named after it. */
export function nodeOfStep(step: string): string {
  return /^[^/[]+/.exec(step)?.[0] ?? step;
}
