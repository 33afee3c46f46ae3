/** Runs: planned, begun, looked at, cancelled. */

import * as v from "valibot";

import type { Graph, Wire } from "../core/graph.ts";
import { wireText } from "../core/graph.ts";
import { documentText } from "../core/graphWrite.ts";
import { Plan, Run } from "./generated.ts";
import { API, type Answer, ask, askText } from "./http.ts";

function requestOf(graph: Graph, targets: readonly Wire[], more = ""): string {
  const asked = targets.length > 0 ? `, "targets": ${JSON.stringify(targets.map(wireText))}` : "";
  // The document goes as its own text: read and written again, whole floats would become integers.
  return `{"graph": ${documentText(graph)}${asked}${more}}`;
}

export function planRun(graph: Graph, targets: readonly Wire[]): Promise<Answer<Plan>> {
  return ask("/plan", Plan, { method: "POST", json: requestOf(graph, targets) });
}

/** Hand a run over; `madeFrom` is the saved graph that the graph is a copy of, as `name@version`, by which its runs are found. */
export function submitRun(graph: Graph, targets: readonly Wire[], key: string, madeFrom: string | null): Promise<Answer<Run>> {
  const more = madeFrom === null ? "" : `, "made_from": ${JSON.stringify(madeFrom)}`;
  return ask("/runs", Run, { method: "POST", json: requestOf(graph, targets, more), headers: { "Idempotency-Key": key } });
}

export function fetchRun(id: string): Promise<Answer<Run>> {
  return ask(`/runs/${encodeURIComponent(id)}`, Run);
}

/** The document that a run was made from, as text. */
export function fetchRunGraph(id: string): Promise<Answer<string>> {
  return askText(`/runs/${encodeURIComponent(id)}/graph`);
}

export function cancelRun(id: string): Promise<Answer<Run>> {
  return ask(`/runs/${encodeURIComponent(id)}/cancel`, Run, { method: "POST" });
}

const RESULTS = v.object({ results: v.record(v.string(), v.unknown()) });
const MANIFEST = v.object({ calls: v.array(v.object({ step: v.string(), outputs: v.optional(v.record(v.string(), v.unknown()), {}) })) });

/** A call of a run that has ended. */
export interface Call {
  readonly step: string;
  readonly item: number;
  readonly key: string;
  readonly cached: boolean;
  /** The run that made what it gave. */
  readonly madeBy: string;
}

const RECORD = v.object({
  run: v.string(),
  graph: v.object({ nodes: v.record(v.string(), v.unknown()) }),
  calls: v.array(v.object({ step: v.string(), item: v.nullish(v.number()), key: v.string(), cached: v.boolean(), made_by: v.nullish(v.string()) })),
});

/** The calls of a run that has ended, and its nodes as they stood, as text; null where the run is gone. */
export async function fetchCalls(id: string): Promise<{ readonly calls: readonly Call[]; readonly nodes: ReadonlyMap<string, string> } | null> {
  const reply = await ask(`/runs/${encodeURIComponent(id)}/manifest`, RECORD);
  if (!reply.isOk) return null;
  const { run, calls, graph } = reply.value;
  return {
    calls: calls.map((call) => ({ step: call.step, item: call.item ?? 0, key: call.key, cached: call.cached, madeBy: call.made_by ?? run })),
    nodes: new Map(Object.entries(graph.nodes).map(([name, node]) => [name, JSON.stringify(node)])),
  };
}

/** By name or port the digest of what a picture can be made of. */
export type Pictured = ReadonlyMap<string, string>;

/** What there is of each result. */
export async function fetchResults(id: string): Promise<Answer<Pictured>> {
  const reply = await ask(`/runs/${encodeURIComponent(id)}/results`, RESULTS);
  return reply.isOk ? { isOk: true, value: pictured(reply.value.results) } : reply;
}

/** What each step of a run that has ended gave, by port; of the items of a list, what the first gave. */
export async function fetchSteps(id: string): Promise<Answer<ReadonlyMap<string, Pictured>>> {
  const reply = await ask(`/runs/${encodeURIComponent(id)}/manifest`, MANIFEST);
  if (!reply.isOk) return reply;
  return { isOk: true, value: new Map(reply.value.calls.toReversed().map((call) => [call.step, pictured(call.outputs)])) };
}

function pictured(given: Readonly<Record<string, unknown>>): Pictured {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(given)) {
    const digest = digestIn(value);
    if (digest !== undefined) found.set(name, digest);
  }
  return found;
}

const PICTURED: ReadonlySet<string> = new Set(["image", "mask", "mesh", "rig", "scene", "splat", "audio", "motion", "video"]);

/** The digest of the first artefact in a value that a picture can be made of. */
function digestIn(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if ("digest" in value && typeof value.digest === "string" && "type" in value && typeof value.type === "string") {
    return PICTURED.has(value.type) ? value.digest.replace(/^blake3:/, "") : undefined;
  }
  return Object.values(value).map(digestIn).find((digest) => digest !== undefined);
}

/** Where a small picture of an artefact is; its type says how it is seen while the run that makes it goes on. */
export function thumbnailOf(digest: string, type?: string): string {
  const seenAs = type !== undefined && PICTURED.has(type) ? `&type=${type}` : "";
  return `${API}/artefacts/blake3:${digest}/thumbnail?size=512${seenAs}`;
}

/** Where the bones of a motion are, as a GLB that moves. */
export function bonesOf(digest: string): string {
  return `${API}/artefacts/blake3:${digest}/bones.glb`;
}

/** Where the bytes of an unfinished picture are. */
export function contentOf(digest: string): string {
  return `${API}/artefacts/${digest.startsWith("blake3:") ? digest : `blake3:${digest}`}/content`;
}
