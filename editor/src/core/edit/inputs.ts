/** Wires, values and parameters of inputs. */

import { parameterPort, type Port } from "../catalogue.ts";
import { fitOf, type Scene } from "../connect.ts";
import { type Draft, withNodes, withView } from "../draft.ts";
import { type GraphNode, type Input, type Link, type Parameter, valued, type Wire, wireText } from "../graph.ts";
import type { Json } from "../json.ts";
import { freshName } from "../names.ts";
import { listOf } from "../types.ts";

/** The draft with a wire more, in place of what the input had. A list going where one is taken makes it run for each. */
export function connect(draft: Draft, scene: Scene, link: Link): Draft {
  const fit = fitOf(scene, link.from, link.to);
  const node = draft.graph.nodes.get(link.to.node);
  if (fit.kind === "refused" || node === undefined) return draft;
  const changed = { ...node, forEach: forEachWith(node, link.to.port, fit.kind === "each") };
  return withoutReroutes(withInput(withNodes(draft, [[link.to.node, changed]]), link.to, { kind: "wire", wire: link.from }), link.to);
}

function forEachWith(node: GraphNode, port: string, isEach: boolean): readonly string[] {
  if (node.forEach.includes(port) === isEach) return node.forEach;
  return isEach ? [...node.forEach, port] : node.forEach.filter((one) => one !== port);
}

/** The draft without what an input was given: its default holds again. */
export function clearInput(draft: Draft, to: Wire): Draft {
  const node = draft.graph.nodes.get(to.node);
  if (node?.inputs.has(to.port) !== true) return draft;
  const inputs = new Map(node.inputs);
  inputs.delete(to.port);
  const changed = { ...node, inputs, forEach: forEachWith(node, to.port, false) };
  return withoutReroutes(withNodes(draft, [[to.node, changed]]), to);
}

/** The draft without the wires into the given inputs. */
export function disconnect(draft: Draft, inputs: Iterable<Wire>): Draft {
  let changed = draft;
  for (const to of inputs) {
    if (draft.graph.nodes.get(to.node)?.inputs.get(to.port)?.kind === "wire") changed = clearInput(changed, to);
  }
  return changed;
}

export function setInput(draft: Draft, to: Wire, input: Input): Draft {
  return input.kind === "wire" ? withInput(draft, to, input) : withoutReroutes(withInput(draft, to, input), to);
}

export function setValue(draft: Draft, to: Wire, value: Json): Draft {
  return setInput(draft, to, valued(value));
}

function withInput(draft: Draft, to: Wire, input: Input): Draft {
  const node = draft.graph.nodes.get(to.node);
  if (node === undefined) return draft;
  return withNodes(draft, [[to.node, { ...node, inputs: new Map(node.inputs).set(to.port, input) }]]);
}

function withoutReroutes(draft: Draft, to: Wire): Draft {
  const input = wireText(to);
  const { hidden } = draft.view;
  if (!draft.view.reroutes.has(input) && !hidden.includes(input)) return draft;
  const reroutes = new Map(draft.view.reroutes);
  reroutes.delete(input);
  return withView(draft, { reroutes, hidden: hidden.filter((one) => one !== input) });
}

/** The draft with a node called once for each item of the lists that some inputs get. */
export function setForEach(draft: Draft, name: string, forEach: readonly string[]): Draft {
  const node = draft.graph.nodes.get(name);
  return node === undefined ? draft : withNodes(draft, [[name, { ...node, forEach }]]);
}

/** The draft with an input's value made a parameter of the graph, and the parameter's name. */
export function makeParameter(draft: Draft, to: Wire, port: Port): { draft: Draft; name: string } {
  const node = draft.graph.nodes.get(to.node);
  const given = node?.inputs.get(to.port);
  const value = given?.kind === "value" ? given.value : port.default;
  const isEach = node?.forEach.includes(to.port) === true;
  const name = freshName(port.name, (one) => draft.graph.parameters.has(one));
  const parameter: Parameter = {
    type: isEach ? listOf(parameterType(port)) : parameterType(port),
    help: port.help,
    unit: port.unit,
    choices: port.choices,
    ...(value === undefined ? {} : { default: value }),
    ...(port.minimum === undefined ? {} : { minimum: port.minimum }),
    ...(port.maximum === undefined || port.maximum > 2 ** 52 ? {} : { maximum: port.maximum }),
  };
  return { draft: setInput(setParameter(draft, name, parameter), to, { kind: "param", name }), name };
}

/** A choice is a text whose choices the parameter tells. */
function parameterType(port: Port): string {
  return port.type === "choice" ? "text" : port.type;
}

export function setParameter(draft: Draft, name: string, parameter: Parameter): Draft {
  const parameters = new Map(draft.graph.parameters).set(name, parameter);
  return { ...draft, graph: { ...draft.graph, parameters } };
}

/** The draft without a parameter; inputs that took it get its default as their value. */
export function removeParameter(draft: Draft, name: string): Draft {
  const parameter = draft.graph.parameters.get(name);
  if (parameter === undefined) return draft;
  const parameters = new Map(draft.graph.parameters);
  parameters.delete(name);
  let changed: Draft = { ...draft, graph: { ...draft.graph, parameters } };
  for (const [node, { inputs }] of draft.graph.nodes) {
    for (const [port, input] of inputs) {
      if (input.kind !== "param" || input.name !== name) continue;
      changed =
        parameter.default === undefined ? clearInput(changed, { node, port }) : setValue(changed, { node, port }, parameter.default);
    }
  }
  return changed;
}

/** The port that a parameter is, for what edits its default. */
export function portOf(name: string, parameter: Parameter): Port {
  return parameterPort(name, parameter);
}

/** The draft with an output among its results, or out of them again. */
export function toggleResult(draft: Draft, wire: Wire): Draft {
  const results = new Map(draft.graph.results);
  const known = [...results].filter(([, one]) => one.node === wire.node && one.port === wire.port);
  for (const [name] of known) results.delete(name);
  if (known.length === 0) results.set(freshName(wire.port === "value" ? wire.node : wire.port, (one) => results.has(one)), wire);
  return { ...draft, graph: { ...draft.graph, results } };
}
