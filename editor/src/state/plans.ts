/** What a run would do, asked of the server once for a graph and what is wanted of it, as long as nothing ran meanwhile. */

import type { Plan } from "../api/generated.ts";
import type { Answer } from "../api/http.ts";
import { planRun } from "../api/runs.ts";
import { type Graph, type Wire, wireText } from "../core/graph.ts";

interface Asked {
  readonly graph: Graph;
  readonly wanted: string;
  readonly answer: Promise<Answer<Plan>>;
}

let latest: Asked | null = null;

/** The plan of a graph. Whoever asks for the one that was asked for last is given the same answer, also while it is on its way. */
export function plannedOnce(graph: Graph, targets: readonly Wire[]): Promise<Answer<Plan>> {
  const wanted = targets.map(wireText).join();
  if (latest?.graph === graph && latest.wanted === wanted) return latest.answer;
  const asked: Asked = { graph, wanted, answer: planRun(graph, targets) };
  latest = asked;
  void asked.answer.then((reply) => {
    // A server that could not be reached may be there the next time.
    if (!reply.isOk && reply.faults.length === 0 && latest === asked) latest = null;
  });
  return asked.answer;
}

/** Ask anew the next time: what lies in the cache has changed. */
export function forgetPlans(): void {
  latest = null;
}
