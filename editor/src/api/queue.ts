/** The queue: looked at, moved about in, paused, cleared; runs steered one by one. */

import * as v from "valibot";

import { Queue, Run, RunPage } from "./generated.ts";
import { type Answer, ask } from "./http.ts";

const WAITING = v.object({ items: v.array(Run) });

/** What is wanted of a list of runs. */
export interface RunFilter {
  readonly state?: Run["state"] | undefined;
  readonly saved?: string | undefined;
  readonly title?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

export function fetchRuns(wanted: RunFilter): Promise<Answer<RunPage>> {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(wanted)) if (value !== undefined) asked.set(name, String(value));
  return ask(`/runs?${asked}`, RunPage);
}

/** What waits, in the order in which it goes. */
export async function fetchWaiting(): Promise<Answer<readonly Run[]>> {
  const reply = await ask("/queue/runs?limit=100", WAITING);
  return reply.isOk ? { isOk: true, value: reply.value.items } : reply;
}

export function pauseQueue(paused: boolean): Promise<Answer<Queue>> {
  return ask("/queue", Queue, { method: "PATCH", json: JSON.stringify({ paused }) });
}

/** Cancel all that waits. */
export function clearQueue(): Promise<Answer<Queue>> {
  return ask("/queue", Queue, { method: "DELETE" });
}

/** Put a run that waits right before or after another. */
export function moveRun(id: string, side: "before" | "after", other: string): Promise<Answer<Run>> {
  return ask(`/runs/${encodeURIComponent(id)}`, Run, { method: "PATCH", json: JSON.stringify({ [side]: other }) });
}

export type Steering = "cancel" | "pause" | "resume" | "retry" | "fail";

export function steerRun(id: string, how: Steering): Promise<Answer<Run>> {
  return ask(`/runs/${encodeURIComponent(id)}/${how}`, Run, { method: "POST" });
}

/** Give a run up, and forget it. */
export function discardRun(id: string): Promise<Answer<null>> {
  return ask(`/runs/${encodeURIComponent(id)}/discard`, v.null(), { method: "POST" });
}

export function deleteRun(id: string): Promise<Answer<null>> {
  return ask(`/runs/${encodeURIComponent(id)}`, v.null(), { method: "DELETE" });
}

/** Submit a run of the very graph that another was made from, with the same values: nothing is drawn anew. */
export function submitText(graph: string, { title, parameters }: Pick<Run, "title" | "parameters">): Promise<Answer<Run>> {
  return ask("/runs", Run, { method: "POST", json: `{"graph": ${graph}, "title": ${JSON.stringify(title)}, "parameters": ${JSON.stringify(parameters)}}`, headers: { "Idempotency-Key": crypto.randomUUID() } });
}
