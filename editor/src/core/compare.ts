/** How two graphs differ: nodes, what their inputs are given, parameters, results, and how much stands elsewhere. */

import type { Draft } from "./draft.ts";
import type { Graph, GraphNode, Input, Parameter } from "./graph.ts";
import { wireText } from "./graph.ts";
import { parameterJson } from "./graphWrite.ts";
import { isSame, type Json } from "./json.ts";
import { canonical } from "./jsonWrite.ts";
import { viewJson } from "./view.ts";

/** What of a graph differs: a node as a whole, one of its inputs, or something else of it or of the graph. */
export interface Difference {
  readonly kind: "node" | "input" | "type" | "bypass" | "forEach" | "parameter" | "result" | "title" | "description";
  /** The node; empty for what belongs to the graph. */
  readonly node: string;
  /** The input, parameter or result; empty for others. */
  readonly name: string;
  /** As short texts; null where it is not there. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface Comparison {
  readonly differences: readonly Difference[];
  /** Whether the canvas differs: places, frames, notes. */
  readonly isMoved: boolean;
}

export function compare(before: Draft, after: Draft): Comparison {
  return { differences: [...graphs(before.graph, after.graph)], isMoved: !isSame(viewJson(before.view), viewJson(after.view)) };
}

function* graphs(before: Graph, after: Graph): Generator<Difference> {
  if (before.title !== after.title) yield plain("title", before.title, after.title);
  if (before.description !== after.description) yield plain("description", before.description, after.description);
  yield* parameters(before.parameters, after.parameters);
  for (const name of both(before.nodes, after.nodes)) {
    const [one, other] = [before.nodes.get(name), after.nodes.get(name)];
    if (one === undefined || other === undefined) yield { kind: "node", node: name, name: "", before: one?.type ?? null, after: other?.type ?? null };
    else if (one !== other) yield* nodes(name, one, other);
  }
  yield* named("result", texts(before.results, wireText), texts(after.results, wireText));
}

/** Of parameters that are alike but for their values these are told alone. */
function* parameters(before: Graph["parameters"], after: Graph["parameters"]): Generator<Difference> {
  for (const name of both(before, after)) {
    const [one, other] = [before.get(name), after.get(name)];
    const isOfValue = one?.default !== undefined && other?.default !== undefined && canonical(parameterJson(one)) === canonical(parameterJson({ ...other, default: one.default }));
    const text = (given: Parameter | undefined) => (given === undefined ? null : isOfValue && given.default !== undefined ? valueText(given.default) : canonical(parameterJson(given)));
    if (text(one) !== text(other)) yield { kind: "parameter", node: "", name, before: text(one), after: text(other) };
  }
}

function plain(kind: "title" | "description", before: string, after: string): Difference {
  return { kind, node: "", name: "", before: before === "" ? null : before, after: after === "" ? null : after };
}

function* nodes(node: string, before: GraphNode, after: GraphNode): Generator<Difference> {
  const differs = (kind: Difference["kind"], one: string | null, other: string | null): readonly Difference[] =>
    one === other ? [] : [{ kind, node, name: "", before: one, after: other }];
  yield* differs("type", typeText(before), typeText(after));
  yield* differs("bypass", String(before.isBypassed), String(after.isBypassed));
  yield* differs("forEach", before.forEach.join(", ") || null, after.forEach.join(", ") || null);
  const given = texts(before.inputs, inputText);
  for (const one of named("input", given, texts(after.inputs, inputText))) yield { ...one, node };
}

function typeText(node: GraphNode): string {
  return node.version === null ? node.type : `${node.type} ${String(node.version)}`;
}

/** What an input is given, as it is read: a wire by its output, a parameter by its name, a value as JSON. */
export function inputText(input: Input): string {
  switch (input.kind) {
    case "wire":
      return `← ${wireText(input.wire)}`;
    case "param":
      return `$${input.name}`;
    case "value":
      return valueText(input.value);
  }
}

function valueText(value: Json): string {
  return typeof value === "string" ? value : canonical(value);
}

function texts<T>(given: ReadonlyMap<string, T>, text: (value: T) => string): ReadonlyMap<string, string> {
  return new Map([...given].map(([name, value]) => [name, text(value)]));
}

function* named(kind: "result" | "input", before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Generator<Difference> {
  for (const name of both(before, after)) {
    const [one, other] = [before.get(name) ?? null, after.get(name) ?? null];
    if (one !== other) yield { kind, node: "", name, before: one, after: other };
  }
}

function both(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])];
}
