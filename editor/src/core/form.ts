/** The form of a graph: which of its inputs are shown to those who only want to use it. */

import { parameterPort, type Port } from "./catalogue.ts";
import { type Draft, withView } from "./draft.ts";
import type { TypeOf } from "./geometry.ts";
import type { Graph, Parameter, Wire } from "./graph.ts";
import { wireOf, wireText } from "./graph.ts";
import { widgetOf } from "./values.ts";

/** A control of the form: a parameter of the graph, or an input of one node. */
export type FormField =
  | { readonly kind: "parameter"; readonly name: string; readonly port: Port; readonly node: string }
  | { readonly kind: "input"; readonly to: Wire; readonly port: Port };

/** A parameter is in the form unless it is marked with this; no name begins with it. */
const LEFT_OUT = "!";

/** What the form shows: parameters as they are declared, then marked inputs as they were marked. What comes by a wire is not asked for. */
export function formFields(draft: Draft, typeOf: TypeOf): readonly FormField[] {
  const { graph, view } = draft;
  const fields: FormField[] = [];
  for (const [name, parameter] of graph.parameters) {
    if (!view.form.includes(LEFT_OUT + name)) fields.push({ kind: "parameter", name, ...portOfParameter(graph, typeOf, name, parameter) });
  }
  for (const text of view.form) {
    const to = wireOf(text);
    const node = to === undefined ? undefined : graph.nodes.get(to.node);
    if (to === undefined || node === undefined || text.startsWith(LEFT_OUT)) continue;
    const kind = node.inputs.get(to.port)?.kind;
    const port = typeOf(to.node).inputs.find((one) => one.name === to.port);
    if (port !== undefined && kind !== "wire" && kind !== "param") fields.push({ kind: "input", to, port });
  }
  return fields;
}

/** A parameter as a port: what the node that takes it knows of its values, under what the parameter says itself; and that node, or "". */
export function portOfParameter(graph: Graph, typeOf: TypeOf, name: string, parameter: Parameter): { readonly port: Port; readonly node: string } {
  const own = parameterPort(name, parameter);
  for (const [node, { inputs, forEach }] of graph.nodes) {
    for (const [port, input] of inputs) {
      if (input.kind !== "param" || input.name !== name || forEach.includes(port)) continue;
      const taken = typeOf(node).inputs.find((one) => one.name === port);
      if (taken === undefined) continue;
      const choices = own.choices.length > 0 ? own.choices : taken.choices;
      return { node, port: { ...taken, ...own, type: taken.type, help: own.help || taken.help, unit: own.unit || taken.unit, choices } };
    }
  }
  return { node: "", port: own };
}

/** Whether an input can be shown in the form at all: what is wired has no control. */
export function mayBeInForm(graph: Graph, to: Wire, port: Port): boolean {
  return widgetOf(port) !== "wire" && graph.nodes.get(to.node)?.inputs.get(to.port)?.kind !== "wire";
}

/** Whether an input is in the form, by itself or by the parameter that it takes. */
export function isInForm({ graph, view }: Draft, to: Wire): boolean {
  const input = graph.nodes.get(to.node)?.inputs.get(to.port);
  return input?.kind === "param" ? !view.form.includes(LEFT_OUT + input.name) : view.form.includes(wireText(to));
}

/** The draft with an input in the form, or out of it again. */
export function setInForm(draft: Draft, to: Wire, isShown: boolean): Draft {
  const input = draft.graph.nodes.get(to.node)?.inputs.get(to.port);
  const mark = input?.kind === "param" ? LEFT_OUT + input.name : wireText(to);
  const isMarked = input?.kind === "param" ? !isShown : isShown;
  if (draft.view.form.includes(mark) === isMarked) return draft;
  return withView(draft, { form: isMarked ? [...draft.view.form, mark] : draft.view.form.filter((one) => one !== mark) });
}
