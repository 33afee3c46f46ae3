/** The graph of a run as a draft: with the values that it ran with, and where its nodes stand. */

import type { Draft } from "./draft.ts";
import type { Graph, Parameter } from "./graph.ts";
import { jsonOf } from "./json.ts";

/** A graph whose parameters have the values that a run was given as what they are where nothing is given. */
export function withValues(graph: Graph, values: Readonly<Record<string, unknown>>): Graph {
  const parameters = new Map<string, Parameter>();
  for (const [name, parameter] of graph.parameters) {
    const value = Object.hasOwn(values, name) ? jsonOf(values[name]) : undefined;
    parameters.set(name, value === undefined ? parameter : { ...parameter, default: value });
  }
  return { ...graph, parameters };
}

/** A draft whose nodes stand where those of the same name and type stand in another. */
export function placedAs(draft: Draft, other: Draft): Draft {
  const places = new Map(draft.view.places);
  for (const [name, node] of draft.graph.nodes) {
    const place = other.graph.nodes.get(name)?.type === node.type ? other.view.places.get(name) : undefined;
    if (place !== undefined) places.set(name, place);
  }
  return { ...draft, view: { ...draft.view, places } };
}
