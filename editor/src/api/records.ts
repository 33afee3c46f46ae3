/** What a run leaves on record: its log, and why each step ran. */

import * as v from "valibot";

import { type Given, partsOf } from "./calls.ts";
import { type Hindsight, Hindsights, type LogLine, RunLog } from "./generated.ts";
import { type Answer, ask } from "./http.ts";

export async function fetchLog(run: string): Promise<Answer<readonly LogLine[]>> {
  const reply = await ask(`/runs/${encodeURIComponent(run)}/log`, RunLog);
  return reply.isOk ? { isOk: true, value: reply.value.items } : reply;
}

export async function fetchReasons(run: string): Promise<Answer<readonly Hindsight[]>> {
  const reply = await ask(`/runs/${encodeURIComponent(run)}/reasons`, Hindsights);
  return reply.isOk ? { isOk: true, value: reply.value.items } : reply;
}

const RESULTS = v.object({ results: v.record(v.string(), v.unknown()) });

/** The results of a run that are there, by name; of a list, each of its items. */
export async function fetchGiven(run: string): Promise<Answer<ReadonlyMap<string, readonly Given[]>>> {
  const reply = await ask(`/runs/${encodeURIComponent(run)}/results`, RESULTS);
  if (!reply.isOk) return reply;
  return { isOk: true, value: new Map(Object.entries(reply.value.results).map(([name, result]) => [name, partsOf(name, result).map((part) => part.given)])) };
}
