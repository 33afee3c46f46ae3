/** What asks less of a machine: sizes and counts of a node, halved. */

import type { NodeType, Port } from "../catalogue.ts";
import type { Draft } from "../draft.ts";
import type { GraphNode } from "../graph.ts";
import { numberIn } from "../json.ts";
import { clamped } from "../values.ts";
import { setValue } from "./inputs.ts";

/** Ports that say how much is made. */
const MUCH = /^(width|height|depth|size|side|resolution|(\w+_)?steps|(max_|target_)?faces|vertices|frames|fps|samples|count|seconds|duration|views|(\w+_)?resolution|(\w+_)?size)$/;

export interface Lowered {
  readonly port: string;
  readonly from: number;
  readonly to: number;
}

/** The inputs of a node that can be halved, with what they would be. */
export function lowered(type: NodeType, node: GraphNode): readonly Lowered[] {
  return type.inputs.flatMap((port) => {
    const from = MUCH.test(port.name) ? valueOf(port, node) : undefined;
    const to = from === undefined ? undefined : half(port, from);
    return from === undefined || to === undefined || to >= from ? [] : [{ port: port.name, from, to }];
  });
}

export function lower(draft: Draft, name: string, changes: readonly Lowered[]): Draft {
  return changes.reduce((changed, { port, to }) => setValue(changed, { node: name, port }, to), draft);
}

function valueOf(port: Port, node: GraphNode): number | undefined {
  const given = node.inputs.get(port.name);
  if (given !== undefined && given.kind !== "value") return undefined;
  return numberIn(given === undefined ? port.default : given.value);
}

/** Half of a number, in the steps of its port and within its bounds. */
function half(port: Port, from: number): number | undefined {
  const step = port.step ?? (port.type.startsWith("integer") ? 1 : 0);
  const bare = step > 0 ? Math.floor(from / 2 / step) * step : from / 2;
  const to = clamped(port, bare);
  return to > 0 ? to : undefined;
}
