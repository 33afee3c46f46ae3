/** What each output of a graph gives, once lists, bypasses and type variables are followed; as the engine's check finds it. */

import type { Catalogue, NodeType, Port } from "./catalogue.ts";
import { type Graph, type GraphNode, type Input, sortedNodes } from "./graph.ts";
import { type Bound, boundTo, fits, isGeneric, listOf, put, type TypeTable } from "./types.ts";

/** For each node of a known type the type of each output; empty for one that a bypass gives nothing. */
export type Typing = ReadonlyMap<string, ReadonlyMap<string, string>>;

export function typingOf(graph: Graph, catalogue: Catalogue): Typing {
  const found = new Map<string, ReadonlyMap<string, string>>();
  for (const name of sortedNodes(graph)) {
    const node = graph.nodes.get(name);
    const type = node === undefined ? undefined : catalogue.nodes.get(node.type);
    if (node !== undefined && type !== undefined) found.set(name, outputsOf(graph, catalogue.types, found, node, type));
  }
  return found;
}

/** The type that an input is given, or undefined where it is a value or comes from nowhere known. */
export function givenType(graph: Graph, typing: Typing, input: Input | undefined): string | undefined {
  if (input?.kind === "wire") return typing.get(input.wire.node)?.get(input.wire.port) || undefined;
  return input?.kind === "param" ? graph.parameters.get(input.name)?.type : undefined;
}

/** What the type variables of a node stand for; `without` is an input that is not looked at. */
export function boundBy(graph: Graph, typing: Typing, node: GraphNode, type: NodeType, without?: string): Bound {
  const bound: Bound = new Map();
  for (const port of type.inputs) {
    if (port.name === without || !isGeneric(port.type)) continue;
    const gives = givenType(graph, typing, node.inputs.get(port.name));
    if (gives !== undefined) boundTo(plainType(node, port), gives, bound);
  }
  return bound;
}

/** What a port takes as the node stands: a list of its type where `for_each` names it. */
export function plainType(node: GraphNode, port: Port): string {
  return node.forEach.includes(port.name) ? listOf(port.type) : port.type;
}

function outputsOf(
  graph: Graph,
  table: TypeTable,
  typing: Typing,
  node: GraphNode,
  type: NodeType,
): ReadonlyMap<string, string> {
  if (node.isBypassed) {
    return new Map(type.outputs.map((output) => [output.name, passedType(graph, table, typing, node, type, output.type)]));
  }
  const bound = type.outputs.some((output) => isGeneric(output.type)) ? boundBy(graph, typing, node, type) : new Map();
  return new Map(
    type.outputs.map((output) => {
      const single = put(output.type, bound);
      return [output.name, node.forEach.length > 0 ? listOf(single) : single];
    }),
  );
}

/** The input that a bypassed node passes through as an output: the first whose type fits. */
export function passthrough(table: TypeTable, type: NodeType, wanted: string): Port | undefined {
  return type.inputs.find((port) => fits(table, port.type, wanted));
}

function passedType(
  graph: Graph,
  table: TypeTable,
  typing: Typing,
  node: GraphNode,
  type: NodeType,
  wanted: string,
): string {
  const through = passthrough(table, type, wanted);
  const given = through === undefined ? undefined : node.inputs.get(through.name);
  if (through === undefined || given === undefined) return "";
  return givenType(graph, typing, given) ?? through.type;
}
