/** What a change makes stale: the nodes whose own inputs changed, and all that lies below them. */

import { feeds, type Graph, type GraphNode, type Input } from "./graph.ts";
import { isSame } from "./json.ts";

export interface Stale {
  /** The port whose input changed, or null where the node is stale by what lies above it or is new. */
  readonly port: string | null;
  /** The node that changed: itself, or one above it. */
  readonly cause: string;
}

/** For each stale node why it is so, compared with the graph that was run. */
export function staleNodes(ran: Graph, now: Graph): ReadonlyMap<string, Stale> {
  const found = new Map<string, Stale>();
  for (const [name, node] of now.nodes) {
    const change = changeOf(ran, now, ran.nodes.get(name), node);
    if (change !== undefined) found.set(name, { port: change.port, cause: name });
  }
  const fed = feeds(now);
  const waiting = [...found.keys()];
  for (let above = waiting.pop(); above !== undefined; above = waiting.pop()) {
    const cause = found.get(above)?.cause ?? above;
    for (const below of fed.get(above) ?? []) {
      if (found.has(below)) continue;
      found.set(below, { port: null, cause });
      waiting.push(below);
    }
  }
  return found;
}

function changeOf(ran: Graph, now: Graph, before: GraphNode | undefined, after: GraphNode): { port: string | null } | undefined {
  if (before === after && ran.parameters === now.parameters) return undefined;
  if (before?.type !== after.type || before.isBypassed !== after.isBypassed) return { port: null };
  if (before.forEach.join() !== after.forEach.join()) return { port: after.forEach[0] ?? before.forEach[0] ?? null };
  for (const port of new Set([...before.inputs.keys(), ...after.inputs.keys()])) {
    const [a, b] = [before.inputs.get(port), after.inputs.get(port)];
    if (!isSameInput(a, b)) return { port };
    if (b?.kind === "param" && !isSame(ran.parameters.get(b.name)?.default, now.parameters.get(b.name)?.default)) return { port };
  }
  return undefined;
}

export function isSameInput(a: Input | undefined, b: Input | undefined): boolean {
  if (a === b) return true;
  if (a?.kind === "wire" && b?.kind === "wire") return a.wire.node === b.wire.node && a.wire.port === b.wire.port;
  if (a?.kind === "param" && b?.kind === "param") return a.name === b.name;
  return a?.kind === "value" && b?.kind === "value" && isSame(a.value, b.value);
}
