/** Writes a graph document as the engine does: keys in a fixed order, nodes in their own. */

import { blake3 } from "@noble/hashes/blake3.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

import { FORMAT, type Graph, type GraphNode, type Input, type Parameter, wireText } from "./graph.ts";
import { isObject, type Json } from "./json.ts";
import { canonical, pretty } from "./jsonWrite.ts";

type Entries = readonly (readonly [string, Json])[];

/** The document as JSON; `view` stands last, and not at all where it is null. */
export function documentOf(graph: Graph, view: Json = null): Json {
  return new Map<string, Json>([
    ["format", FORMAT],
    ...kept("title", graph.title, graph.title !== ""),
    ...kept("description", graph.description, graph.description !== ""),
    ...kept("parameters", each(graph.parameters, parameterJson), graph.parameters.size > 0),
    ["nodes", each(graph.nodes, nodeJson)],
    ...kept("results", each(graph.results, wireText), graph.results.size > 0),
    ...kept("view", view, view !== null),
  ]);
}

/** The document as it is saved. */
export function documentText(graph: Graph, view: Json = null): string {
  return pretty(documentOf(graph, view)) + "\n";
}

/** The digest that the engine knows the graph by. Nothing of the view is in it. */
export function documentDigest(graph: Graph): string {
  return `blake3:${bytesToHex(blake3(utf8ToBytes(canonical(documentOf(graph)))))}`;
}

export function nodeJson(node: GraphNode): Json {
  return new Map<string, Json>([
    ["type", node.type],
    ...kept("version", node.version, node.version !== null),
    ...kept("for_each", node.forEach, node.forEach.length > 0),
    ...kept("bypass", true, node.isBypassed),
    ...kept("inputs", each(node.inputs, inputJson), node.inputs.size > 0),
  ]);
}

export function inputJson(input: Input): Json {
  switch (input.kind) {
    case "wire":
      return new Map([["wire", wireText(input.wire)]]);
    case "param":
      return new Map([["param", input.name]]);
    case "value":
      return isObject(input.value) ? new Map([["value", input.value]]) : input.value;
  }
}

export function parameterJson(parameter: Parameter): Json {
  return new Map<string, Json>([
    ["type", parameter.type],
    ...kept("default", parameter.default ?? null, parameter.default !== undefined),
    ...kept("help", parameter.help, parameter.help !== ""),
    ...kept("unit", parameter.unit, parameter.unit !== ""),
    ...kept("minimum", parameter.minimum ?? null, parameter.minimum !== undefined),
    ...kept("maximum", parameter.maximum ?? null, parameter.maximum !== undefined),
    ...kept("choices", parameter.choices, parameter.choices.length > 0),
  ]);
}

function kept(key: string, value: Json, isWanted: boolean): Entries {
  return isWanted ? [[key, value]] : [];
}

function each<T>(given: ReadonlyMap<string, T>, written: (value: T) => Json): Json {
  return new Map([...given].map(([name, value]) => [name, written(value)]));
}
