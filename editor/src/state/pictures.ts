/** Pictures of what nodes gave, on the nodes of the graph that is on the canvas. */

import { fetchCall } from "../api/calls.ts";
import { fetchResults, fetchSteps, type Pictured, thumbnailOf } from "../api/runs.ts";
import { shapeOf } from "../core/geometry.ts";
import { wireOf } from "../core/graph.ts";
import { flattened, madeWithin } from "../core/flat.ts";
import { stepWithin, usesIn } from "../core/levels.ts";
import { nodeOfStep } from "../core/targets.ts";
import { baseOf } from "../core/types.ts";
import { documents, draftNow, typeOfNow } from "./documents.ts";
import { outputBoard } from "./outputs.ts";
import { fetchRecord, recall } from "./recall.ts";
import { statusBoard } from "./runs.ts";
import { prefixNow, rootGraph } from "./tabs.ts";

/** Show the results of a run that are there so far. */
export async function showResults(id: string): Promise<void> {
  const reply = await fetchResults(id);
  if (!reply.isOk || prefixNow() !== "") return;
  const { results } = documents.getState().ran ?? draftNow().graph;
  const byNode = new Map<string, Map<string, string>>();
  for (const [name, digest] of reply.value) {
    const wire = results.get(name) ?? wireOf(name);
    if (wire !== undefined) byNode.set(wire.node, (byNode.get(wire.node) ?? new Map<string, string>()).set(wire.port, digest));
  }
  for (const [node, found] of byNode) showPreview(node, found);
}

/** Show what a call within a graph gave. */
export async function showCall(step: string, key: string, prefix: string): Promise<void> {
  if (key === "" || shapeOf(typeOfNow(nodeOfStep(step)), false).previewHeight === 0) return;
  const reply = await fetchCall(key);
  if (!reply.isOk || prefix !== prefixNow()) return;
  const found = reply.value.flatMap(({ port, given }) => (given.kind === "artefact" ? [[port, given.digest] as const] : []));
  showStep(step, new Map(found.toReversed()));
}

/** Show the first of a node's outputs that there is a picture of. */
function showPreview(node: string, found: Pictured): void {
  const seen = typeOfNow(node).outputs.find((output) => found.has(output.name));
  const digest = seen === undefined ? undefined : found.get(seen.name);
  if (seen !== undefined && digest !== undefined) statusBoard.set(node, { preview: thumbnailOf(digest, baseOf(seen.type)) });
}

/** Show what a step gave on its node; of a step within a node, what that hands on of it. */
function showStep(step: string, found: Pictured): void {
  const node = nodeOfStep(step);
  if (!step.includes("/")) {
    showPreview(node, found);
    return;
  }
  const { saved } = documents.getState();
  const given = new Map<string, string>();
  for (const { name: port } of typeOfNow(node).outputs) {
    const made = madeWithin(draftNow().graph, saved, { node, port });
    const digest = made?.node === step ? found.get(made.port) : undefined;
    if (digest !== undefined) given.set(port, digest);
  }
  showPreview(node, given);
}

/** Show what the steps of a run that has ended gave. */
export async function showEnd(id: string): Promise<void> {
  const prefix = prefixNow();
  const reply = await fetchSteps(id);
  if (prefix !== prefixNow()) return;
  if (reply.isOk) showSteps(reply.value, prefix);
  void showRecalled(id);
}

function showSteps(steps: ReadonlyMap<string, Pictured>, prefix: string, isWanted: (step: string) => boolean = () => true): void {
  for (const [step, found] of steps) {
    const here = stepWithin(step, prefix);
    if (here !== undefined && isWanted(here)) showStep(here, found);
  }
}

/** Show also what stands above that which came out of the cache, and keep it for whoever looks closer. */
async function showRecalled(id: string): Promise<void> {
  const prefix = prefixNow();
  const { saved } = documents.getState();
  const uses = usesIn(rootGraph(), saved);
  const all = await recall(id, flattened(rootGraph(), saved), (run) => fetchRecord(run, uses.keys()));
  if (prefix !== prefixNow()) return;
  const found = all.flatMap(({ node, ...one }) => {
    const here = stepWithin(node, prefix);
    return here === undefined ? [] : [{ ...one, node: here }];
  });
  for (const { node, item, run, key } of found) outputBoard.recall(node, item, run, key);
  for (const run of new Set(found.map((one) => one.run))) {
    const reply = await fetchSteps(run);
    if (!reply.isOk || prefix !== prefixNow()) continue;
    const nodes = new Set(found.filter((one) => one.run === run).map(({ node }) => node));
    showSteps(reply.value, prefix, (step) => nodes.has(step));
  }
}
