/** What is wrong with a graph, as far as the editor can see it at once; the engine's own check has the last word. */

import type { Catalogue, NodeType, Port } from "./catalogue.ts";
import type { Fault } from "./fault.ts";
import { circlesIn, type Graph, type GraphNode, type Input } from "./graph.ts";
import { isList, pointer } from "./json.ts";
import { boundBy, plainType, type Typing } from "./typing.ts";
import { baseOf, boundTo, fits, fitsParameter } from "./types.ts";
import { whyNot } from "./values.ts";

/** Faults by the node that they concern. */
export type NodeFaults = ReadonlyMap<string, readonly Fault[]>;

const circles = new WeakMap<Typing, ReadonlySet<string>>();

export function faultsOf(graph: Graph, catalogue: Catalogue, typing: Typing): NodeFaults {
  const found = new Map<string, readonly Fault[]>();
  // Graphs of one typing are wired alike, so that their circles are the same.
  const circle = circles.get(typing) ?? circlesIn(graph);
  circles.set(typing, circle);
  for (const [name, node] of graph.nodes) {
    const own = keptFaults(graph, catalogue, typing, name, node);
    const faults = circle.has(name) ? [fault("G107", name, "", { key: "fault.circle", values: {} }), ...own] : own;
    if (faults.length > 0) found.set(name, faults);
  }
  return found;
}

interface Kept {
  readonly name: string;
  readonly typing: Typing;
  readonly catalogue: Catalogue;
  readonly parameters: Graph["parameters"];
  /** What each wire gave. */
  readonly gives: readonly string[];
  readonly faults: readonly Fault[];
}

const kept = new WeakMap<GraphNode, Kept>();

/** A node's faults: those found before as long as the node and all that reaches it are what they were. */
function keptFaults(graph: Graph, catalogue: Catalogue, typing: Typing, name: string, node: GraphNode): readonly Fault[] {
  const known = kept.get(node);
  if (known?.typing === typing && known.name === name && known.catalogue === catalogue && known.parameters === graph.parameters) return known.faults;
  const gives: string[] = [];
  for (const input of node.inputs.values()) {
    if (input.kind !== "wire") continue;
    const source = typing.get(input.wire.node);
    gives.push(source === undefined ? (graph.nodes.has(input.wire.node) ? "?" : "!") : (source.get(input.wire.port) ?? "-"));
  }
  const isSame =
    known?.name === name && known.catalogue === catalogue && known.parameters === graph.parameters &&
    known.gives.every((type, at) => type === gives[at]);
  const faults = isSame ? known.faults : [...nodeFaults(graph, catalogue, typing, name, node)];
  kept.set(node, { name, typing, catalogue, parameters: graph.parameters, gives, faults });
  return faults;
}

function* nodeFaults(graph: Graph, catalogue: Catalogue, typing: Typing, name: string, node: GraphNode): Generator<Fault> {
  const type = catalogue.nodes.get(node.type);
  if (type === undefined) {
    if (catalogue.nodes.size > 0) yield typeFault(name, { key: "fault.unknownType", values: { type: node.type } });
    return;
  }
  for (const port of node.inputs.keys()) {
    if (!type.inputs.some((one) => one.name === port)) {
      yield fault("G102", name, port, { key: "fault.unknownPort", values: { port } });
    }
  }
  const bound = boundBy(graph, typing, node, type);
  for (const port of type.inputs) yield* inputFaults({ graph, catalogue, typing, name, node, type, bound }, port);
}

interface Around {
  readonly graph: Graph;
  readonly catalogue: Catalogue;
  readonly typing: Typing;
  readonly name: string;
  readonly node: GraphNode;
  readonly type: NodeType;
  readonly bound: Map<string, string>;
}

function* inputFaults(around: Around, port: Port): Generator<Fault> {
  const { node, name } = around;
  const input = node.inputs.get(port.name);
  if (input === undefined) {
    if (port.default === undefined && !node.isBypassed) {
      yield fault("G103", name, port.name, { key: "fault.missingInput", values: { port: port.name, type: port.type } });
    }
  } else if (input.kind === "value") {
    yield* valueFaults(around, port, input);
  } else if (input.kind === "param") {
    yield* parameterFaults(around, port, input.name);
  } else {
    yield* wireFaults(around, port, input.wire);
  }
}

function* valueFaults({ node, name }: Around, port: Port, input: Extract<Input, { kind: "value" }>): Generator<Fault> {
  if (!node.forEach.includes(port.name)) {
    const said = whyNot(port, input.value);
    if (said !== undefined) yield fault("G105", name, port.name, said);
  } else if (!isList(input.value)) {
    yield fault("G109", name, port.name, { key: "fault.noList", values: { port: port.name } });
  } else {
    const said = input.value.map((item) => whyNot(port, item)).find((one) => one !== undefined);
    if (said !== undefined) yield fault("G105", name, port.name, said);
  }
}

function* parameterFaults({ graph, catalogue, name, node, bound }: Around, port: Port, given: string): Generator<Fault> {
  const parameter = graph.parameters.get(given);
  if (parameter === undefined) {
    yield fault("G108", name, port.name, { key: "fault.unknownParameter", values: { name: given } });
    return;
  }
  const takes = boundTo(plainType(node, port), parameter.type, new Map(bound));
  if (catalogue.types.has(baseOf(parameter.type)) && !fitsParameter(catalogue.types, parameter.type, takes)) {
    yield fault("G104", name, port.name, { key: "fault.type", values: { gives: parameter.type, takes } });
  }
}

function* wireFaults(around: Around, port: Port, wire: { node: string; port: string }): Generator<Fault> {
  const { graph, catalogue, typing, name, node, bound } = around;
  const source = graph.nodes.get(wire.node);
  if (source === undefined) {
    yield fault("G106", name, port.name, { key: "fault.unknownSource", values: { source: wire.node } });
    return;
  }
  if (!catalogue.nodes.has(source.type)) return;
  const gives = typing.get(wire.node)?.get(wire.port);
  if (gives === undefined) {
    yield fault("G106", name, port.name, { key: "fault.unknownOutput", values: { port: wire.port } });
  } else if (gives === "") {
    yield fault("G110", name, port.name, { key: "fault.bypass", values: { source: wire.node, port: wire.port } });
  } else {
    const takes = boundTo(plainType(node, port), gives, new Map(bound));
    if (!fits(catalogue.types, gives, takes)) {
      yield fault(node.forEach.includes(port.name) ? "G109" : "G104", name, port.name, { key: "fault.type", values: { gives, takes } });
    }
  }
}

function typeFault(node: string, said: Fault["said"]): Fault {
  return { code: "G101", at: pointer("nodes", node, "type"), said };
}

function fault(code: string, node: string, port: string, said: Fault["said"]): Fault {
  return { code, at: port === "" ? pointer("nodes", node) : pointer("nodes", node, "inputs", port), said };
}
