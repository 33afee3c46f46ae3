/** What runs gave under the names of their results. */

import * as v from "valibot";

import { type Part, partsOf } from "./calls.ts";
import { type Answer, ask } from "./http.ts";

const RESULTS = v.object({ results: v.record(v.string(), v.unknown()) });

/** By name the values of each result that is there. */
export async function fetchResultParts(run: string): Promise<Answer<ReadonlyMap<string, readonly Part[]>>> {
  const reply = await ask(`/runs/${encodeURIComponent(run)}/results`, RESULTS);
  if (!reply.isOk) return reply;
  return { isOk: true, value: new Map(Object.entries(reply.value.results).map(([name, result]) => [name, partsOf(name, result)])) };
}
