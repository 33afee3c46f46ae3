/** What a run took from the cache hangs from values that it never looked at: they are asked of the run that made them. */

import * as v from "valibot";

import { fetchGraph } from "../api/graphs.ts";
import { type Call, fetchCalls, fetchRun } from "../api/runs.ts";
import { ancestors, type Graph } from "../core/graph.ts";
import { savedIn } from "../core/levels.ts";
import { versionAt } from "./versions.ts";

/** Runs that are asked at most: each may have taken something from another in turn. */
const MOST = 6;
/** Graphs within graphs that are looked into. */
const DEEPEST = 32;

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

/** A run's record with the nodes of the saved graphs, in the versions that it took, under the names that steps within them have. */
export async function fetchRecord(id: string, names: Iterable<string>): Promise<Record | null> {
  const wanted = [...names];
  const record = await fetchCalls(id);
  if (record === null || wanted.length === 0) return record;
  const run = await fetchRun(id);
  if (!run.isOk) return null;
  const found = await Promise.all(wanted.map(async (name) => [name, await nodesOf(name, run.value.created)] as const));
  return { calls: record.calls, nodes: nodesWithin(record.nodes, new Map(found)) };
}

const GRAPH = v.object({ nodes: v.record(v.string(), v.unknown()) });
const NODE = v.object({ type: v.string() });

/** The nodes of a saved graph as it was at a moment, as text. */
async function nodesOf(name: string, moment: number): Promise<ReadonlyMap<string, string>> {
  const version = await versionAt(name, moment);
  const text = await fetchGraph(name, version);
  const read = text.isOk ? v.safeParse(GRAPH, JSON.parse(text.value)) : undefined;
  return new Map(read?.success === true ? Object.entries(read.output.nodes).map(([node, given]) => [node, JSON.stringify(given)]) : []);
}

/** Nodes with those of the graphs that they stand for; each of these says also what it stands within. */
export function nodesWithin(nodes: ReadonlyMap<string, string>, saved: ReadonlyMap<string, ReadonlyMap<string, string>>): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  const waiting = [{ nodes, prefix: "", above: "" }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const [name, text] of next.nodes) {
      const type = v.safeParse(NODE, JSON.parse(text));
      const inner = saved.get(type.success ? (savedIn(type.output.type) ?? "") : "");
      const prefix = next.prefix + name;
      all.set(prefix, next.above + text);
      if (inner !== undefined && prefix.split("/").length < DEEPEST) waiting.push({ nodes: inner, prefix: `${prefix}/`, above: next.above + text });
    }
  }
  return all;
}
