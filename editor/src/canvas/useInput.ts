/** An input's value as it is shown and changed, be it its own, a parameter's or its default. */

import type { Port } from "../core/catalogue.ts";
import { placeholder } from "./placeholder.ts";
import { setParameter, setValue } from "../core/edit/inputs.ts";
import type { Input } from "../core/graph.ts";
import type { Json } from "../core/json.ts";
import { draftNow, edit, type Joining, useDocuments } from "../state/documents.ts";

export interface Given {
  readonly kind: "default" | "value" | "param" | "wire";
  /** Undefined where it comes by a wire, or must still be given. */
  readonly value: Json | undefined;
  /** The parameter's name, or where the wire comes from. */
  readonly source: string;
  readonly set: (value: Json, gesture?: string) => void;
}

export function useInput(node: string, port: Port): Given {
  const input = useDocuments((state) => state.history.now.graph.nodes.get(node)?.inputs.get(port.name));
  const parameter = useDocuments((state) => (input?.kind === "param" ? state.history.now.graph.parameters.get(input.name) : undefined));
  const set = (value: Json, gesture?: string) => change(node, port.name, value, gesture);
  switch (input?.kind) {
    case undefined:
      return { kind: "default", value: port.default, source: "", set };
    case "value":
      return { kind: "value", value: input.value, source: "", set };
    case "param":
      return { kind: "param", value: parameter?.default, source: input.name, set };
    case "wire":
      return { kind: "wire", value: undefined, source: placeholder(input.wire), set };
  }
}

/** A parameter's value, wherever it is taken. */
export function useParameter(name: string): Given {
  const value = useDocuments((state) => state.history.now.graph.parameters.get(name)?.default);
  return { kind: "param", value, source: name, set: (next, gesture) => changeParameter(name, next, gesture) };
}

/** Change a value where it stands: in the node, or in the parameter that it is taken from. */
function change(node: string, port: string, value: Json, gesture: string | undefined): void {
  const input: Input | undefined = draftNow().graph.nodes.get(node)?.inputs.get(port);
  if (input?.kind === "param") changeParameter(input.name, value, gesture);
  else edit("deed.value", (draft) => setValue(draft, { node, port }, value), joining(`value:${node}.${port}`, gesture));
}

/** What is typed joins until it rests; what is dragged, until it is let go. */
function joining(input: string, gesture: string | undefined): Joining {
  return gesture === undefined ? { key: input } : { key: `${input}:${gesture}`, pause: Infinity };
}

function changeParameter(name: string, value: Json, gesture: string | undefined): void {
  const parameter = draftNow().graph.parameters.get(name);
  if (parameter !== undefined) edit("deed.value", (draft) => setParameter(draft, name, { ...parameter, default: value }), joining(`param:${name}`, gesture));
}
