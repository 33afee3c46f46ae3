import type { Wire } from "../core/graph.ts";

/** Where a wire comes from, short: the node, and the port where it is not the only word. */
export function placeholder(wire: Wire): string {
  return wire.port === "value" || wire.port === wire.node ? wire.node : `${wire.node}.${wire.port}`;
}
