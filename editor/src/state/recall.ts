/** What a run took from the cache hangs from values that it never looked at: they are asked of the run that made them. */

import { type Call, fetchCalls } from "../api/runs.ts";
import { ancestors, type Graph } from "../core/graph.ts";

/** Runs that are asked at most: each may have taken something from another in turn. */
const MOST = 6;

export interface Recalled {
  readonly node: string;
  readonly item: number;
  readonly run: string;
  readonly key: string;
}

/** A run's calls, and each node as it stood in its graph. */
export interface Record {
  readonly calls: readonly Call[];
  readonly nodes: ReadonlyMap<string, string>;
}

export type FetchRecord = (run: string) => Promise<Record | null>;

/** The calls above those that a run took from the cache, as far as the runs that made these still know them. */
export async function recall(run: string, graph: Graph, fetch: FetchRecord = fetchCalls): Promise<readonly Recalled[]> {
  const own = await fetch(run);
  if (own === null) return [];
  const known = new Set(own.calls.map(({ step }) => step));
  const found: Recalled[] = [];
  const asked = new Set([run]);
  const waiting = own.calls.filter(({ cached }) => cached);
  for (let call = waiting.shift(); call !== undefined && asked.size <= MOST; call = waiting.shift()) {
    if (asked.has(call.madeBy) || !graph.nodes.has(call.step)) continue;
    asked.add(call.madeBy);
    const record = await fetch(call.madeBy);
    if (record === null) continue;
    const above = ancestors(graph, waiting.concat(call).map(({ step }) => step));
    for (const one of record.calls) {
      // Only a node that was the same then has given what it would give now.
      const isSame = record.nodes.get(one.step) === own.nodes.get(one.step);
      if (known.has(one.step) || !above.has(one.step) || !isSame) continue;
      found.push({ node: one.step, item: one.item, run: call.madeBy, key: one.key });
      if (one.cached) waiting.push(one);
    }
    for (const { node } of found) known.add(node);
  }
  return found;
}
