/** The run of the graph that is open: planned as it is edited, begun, followed over reloads and broken lines, cancelled. */

import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";

import { afterTime, dialServer, EventChannel, type LineState } from "../api/channel.ts";
import type { AnyEvent, Fault, Plan, Run } from "../api/generated.ts";
import { cancelRun, fetchResults, fetchRun, fetchRunGraph, fetchSteps, type Pictured, planRun, submitRun, thumbnailOf } from "../api/runs.ts";
import { readGraph } from "../core/graphRead.ts";
import { countedUp } from "../core/edit/seeds.ts";
import { type Graph, type Wire, wireOf } from "../core/graph.ts";
import { withValues } from "../core/pastRun.ts";
import { PREVIEW, shapeOf } from "../core/geometry.ts";
import { baseOf } from "../core/types.ts";
import { neededBy, nodeOfStep, partFor, targetsOf } from "../core/targets.ts";
import { documents, draftNow, edit, typeOfNow } from "./documents.ts";
import { revealNode } from "./actions.ts";
import { outputBoard } from "./outputs.ts";
import { recall } from "./recall.ts";
import { forgetPlans, plannedOnce } from "./plans.ts";
import { RunStates } from "./runStates.ts";
import { type NodeState, statusBoard } from "./runs.ts";
import { learnSeeds } from "./seeds.ts";
import { activeTab, rememberRun, setTab, tabs } from "./tabs.ts";
import { toast } from "./views.ts";

export interface Running {
  readonly run: Run | null;
  readonly isGoing: boolean;
  readonly line: LineState;
  /** What a run would do now: how many nodes run at most and at least, of those that it needs; null while that is not known. */
  readonly plan: { readonly toRun: number; readonly least: number; readonly needed: number; readonly seconds: number; readonly reasons: ReadonlyMap<string, string> } | null;
  /** What the server finds wrong with a node, beside what the editor sees itself. */
  readonly faults: ReadonlyMap<string, string>;
}

const NO_FAULTS: ReadonlyMap<string, string> = new Map();

export const running = createStore<Running>(() => ({ run: null, isGoing: false, line: "idle", plan: null, faults: NO_FAULTS }));

export function useRunning<T>(select: (state: Running) => T): T {
  return useStore(running, select);
}

/** Milliseconds from the last edit to the question what a run would do. */
const PLAN_DELAY = 300;

let states = new RunStates((name, change) => statusBoard.set(name, change));
const channel = new EventChannel(dialServer, afterTime, hear, (line) => running.setState({ line }));

const ears = new Set<(event: AnyEvent) => void>();

/** Hear all that the run that is followed tells, until what is given back is called. */
export function hearRun(ear: (event: AnyEvent) => void): () => void {
  ears.add(ear);
  return () => ears.delete(ear);
}

/** Begin a run: of the results, or of what the given nodes give. */
export async function startRun(names: readonly string[] = []): Promise<void> {
  const { graph } = draftNow();
  if (running.getState().isGoing || graph.nodes.size === 0) return;
  if (documents.getState().isReadOnly) {
    toast({ key: "past.refused", values: {} });
    return;
  }
  const tab = tabs.getState().active;
  running.setState({ isGoing: true });
  const targets = targetsOf(graph, typeOfNow, names);
  const asked = await runnable(graph, targets, names);
  const { saved } = activeTab();
  const madeFrom = saved === null ? null : `${saved.name}@${String(saved.version)}`;
  const reply = await submitRun(asked, [...targets, ...(await seenTargets(asked, targets))], crypto.randomUUID(), madeFrom);
  if (tab !== tabs.getState().active) {
    // Another graph is on the canvas by now: the run is followed once this one is back.
    if (reply.isOk) {
      rememberRun(tab, reply.value.id);
      setTab(tab, { ran: graph });
    }
    return;
  }
  if (!reply.isOk) {
    running.setState({ isGoing: false });
    toast(reply.said);
    const [faulty] = faultyNodes(reply.faults, graph).keys();
    if (faulty !== undefined) revealNode(faulty);
    return;
  }
  wanted = neededBy(graph, targets);
  documents.setState({ ran: graph });
  follow(reply.value, 0);
  if (draftNow().view.counting.length > 0) edit("deed.value", countedUp);
}

/** What is handed to the server: the graph, or where it is not finished only what the nodes that are asked for need of it. */
async function runnable(graph: Graph, targets: readonly Wire[], names: readonly string[]): Promise<Graph> {
  if (names.length === 0) return graph;
  const planned = await plannedOnce(graph, targets);
  return planned.isOk || planned.faults.length === 0 ? graph : partFor(graph, names);
}

/** The first fault of each node that a refusal names. */
function faultyNodes(faults: readonly Fault[], graph: Graph): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { at, message } of faults) {
    const name = /^\/nodes\/([^/]+)/.exec(at)?.[1];
    if (name !== undefined && graph.nodes.has(name) && !found.has(name)) found.set(name, message);
  }
  return found;
}

/**
 * Outputs of nodes that will run anyway or lie in the cache, asked for so that what they give is told as soon as it is there. A list of targets
 * stands for the results, so that these are named too.
 */
async function seenTargets(graph: Graph, targets: readonly Wire[]): Promise<readonly Wire[]> {
  const pictured = [...neededBy(graph, targets)]
    .filter((name) => shapeOf(typeOfNow(name), false).previewHeight === PREVIEW)
    .flatMap((name) => typeOfNow(name).outputs.slice(0, 1).map((output) => ({ node: name, port: output.name })));
  const ends = targets.length > 0 ? targets : [...graph.results.values()];
  if (pictured.length === 0) return [];
  const [planned, wider] = await Promise.all([plannedOnce(graph, targets), planRun(graph, [...ends, ...pictured])]);
  if (!planned.isOk || !wider.isOk) return [];
  // What is in the cache is told as well, though nothing needs it; what is not there and not needed stays unmade.
  const willRun = new Set(planned.value.steps.filter((step) => step.will_run && step.needed).map((step) => step.step));
  const atHand = new Set(wider.value.steps.filter((step) => !step.will_run).map((step) => step.step));
  const seen = pictured.filter(({ node }) => willRun.has(node) || atHand.has(node));
  return seen.length === 0 ? [] : targets.length > 0 ? seen : [...graph.results.values(), ...seen];
}

export async function stopRun(): Promise<void> {
  const { run } = running.getState();
  if (run === null) return;
  const reply = await cancelRun(run.id);
  if (!reply.isOk) toast(reply.said);
}

function follow(run: Run, since: number): void {
  const before = running.getState().run;
  if (before !== null) channel.leave(`run:${before.id}`);
  states = new RunStates((name, change) => statusBoard.set(name, change));
  void learnSeeds(run);
  rememberRun(tabs.getState().active, run.id);
  running.setState({ run, isGoing: true });
  channel.listen(`run:${run.id}`, since);
}

/** Show a run of the graph on the canvas, or none: all that it told is told again. */
export function showRun(id: string | null): void {
  const before = running.getState().run;
  if (before !== null) channel.leave(`run:${before.id}`);
  running.setState({ run: null, isGoing: false, plan: null, faults: NO_FAULTS });
  if (id === null) plan();
  else void followRun(id);
}

async function followRun(id: string): Promise<void> {
  const tab = tabs.getState().active;
  const [reply, text] = await Promise.all([fetchRun(id), fetchRunGraph(id)]);
  if (tab !== tabs.getState().active) return;
  const read = text.isOk ? readGraph(text.value) : undefined;
  if (!reply.isOk || read?.isOk !== true) {
    // A run that the server does not know any more is not asked for again; one that it cannot be asked for now is.
    if (!reply.isOk && reply.status === 404) setTab(tab, { run: null });
    plan();
    return;
  }
  const graph = withValues(read.value.graph, reply.value.parameters);
  wanted = neededBy(graph, []);
  documents.setState({ ran: graph });
  follow(reply.value, 0);
}

let isAsking = false;
/** The nodes that the run that is followed may need. */
let wanted: ReadonlySet<string> = new Set();

function hear(event: AnyEvent): void {
  // Everything waits at first; what is told then says of each node how it goes on.
  if (event.kind === "run_started") for (const name of wanted) statusBoard.set(name, { state: "queued", fraction: 0, error: "", message: "" });
  states.hear(event);
  outputBoard.hear(event);
  for (const ear of ears) ear(event);
  if (event.kind === "result_ready" && !isAsking) {
    isAsking = true;
    // Results come in flocks: they are asked for once a moment.
    afterTime(200, () => {
      isAsking = false;
      void showResults(event.run);
    });
  } else if (event.kind === "run_ended") void ended(event.run, event.state);
}

async function showResults(id: string): Promise<void> {
  const reply = await fetchResults(id);
  if (!reply.isOk) return;
  const { results } = documents.getState().ran ?? draftNow().graph;
  const byNode = new Map<string, Map<string, string>>();
  for (const [name, digest] of reply.value) {
    const wire = results.get(name) ?? wireOf(name);
    if (wire !== undefined) byNode.set(wire.node, (byNode.get(wire.node) ?? new Map<string, string>()).set(wire.port, digest));
  }
  for (const [node, found] of byNode) showPreview(node, found);
}

/** Show the first of a node's outputs that there is a picture of. */
function showPreview(node: string, found: Pictured): void {
  const seen = typeOfNow(node).outputs.find((output) => found.has(output.name));
  const digest = seen === undefined ? undefined : found.get(seen.name);
  if (seen !== undefined && digest !== undefined) statusBoard.set(node, { preview: thumbnailOf(digest, baseOf(seen.type)) });
}

async function ended(id: string, state: string): Promise<void> {
  running.setState({ isGoing: false });
  channel.leave(`run:${id}`);
  forgetPlans();
  const reply = await fetchSteps(id);
  if (reply.isOk) for (const [step, found] of reply.value) showPreview(nodeOfStep(step), found);
  void showRecalled(id);
  if (state === "cancelled") for (const name of draftNow().graph.nodes.keys()) settle(name);
  plan();
}

/** Show also what stands above that which came out of the cache, and keep it for whoever looks closer. */
async function showRecalled(id: string): Promise<void> {
  const found = await recall(id, draftNow().graph);
  for (const { node, item, run, key } of found) outputBoard.recall(node, item, run, key);
  for (const run of new Set(found.map((one) => one.run))) {
    const reply = await fetchSteps(run);
    if (!reply.isOk) continue;
    const nodes = new Set(found.filter((one) => one.run === run).map(({ node }) => node));
    for (const [step, pictures] of reply.value) if (nodes.has(step)) showPreview(step, pictures);
  }
}

/** A node that a cancelled run left waiting waits no more. */
function settle(name: string): void {
  const { state } = statusBoard.get(name);
  if (state === "queued" || state === "running") statusBoard.set(name, { state: "idle", fraction: 0, message: "" });
}

let asked = 0;

/** Ask what a run would do, and show it on the nodes. An answer that comes after another edit is not heard. */
export function plan(): void {
  const { graph } = draftNow();
  asked += 1;
  const number = asked;
  const targets = targetsOf(graph, typeOfNow);
  if (graph.nodes.size === 0 || documents.getState().isReadOnly) {
    running.setState({ plan: null, faults: NO_FAULTS });
    return;
  }
  void plannedOnce(graph, targets).then((reply) => {
    if (number !== asked || running.getState().isGoing) return;
    if (!reply.isOk) {
      running.setState({ plan: null, faults: faultyNodes(reply.faults, graph) });
      return;
    }
    running.setState({ faults: NO_FAULTS });
    show(reply.value, neededBy(graph, targets), graph);
  });
}

function show(found: Plan, needed: ReadonlySet<string>, graph: Graph): void {
  const reasons = new Map<string, string>();
  const seconds = new Map<string, number>();
  const toRun = new Set<string>();
  const certain = new Set<string>();
  for (const step of found.steps) {
    const node = nodeOfStep(step.step);
    reasons.set(node, step.reason);
    if (!step.will_run) continue;
    toRun.add(node);
    if (step.certain) certain.add(node);
    seconds.set(node, (seconds.get(node) ?? 0) + step.seconds);
  }
  for (const name of graph.nodes.keys()) {
    const now = statusBoard.get(name).state;
    const next: NodeState = certain.has(name) ? "planned" : toRun.has(name) ? "possible" : needed.has(name) ? "cached" : "idle";
    // What the last run did stays to be seen as long as it is still true.
    const isStill = next === "cached" && (now === "done" || now === "cached");
    if (isStill || (now === "error" && toRun.has(name))) continue;
    statusBoard.set(name, { state: next, fraction: 0, seconds: seconds.get(name) ?? null, message: "", error: "" });
  }
  running.setState({ plan: { toRun: toRun.size, least: certain.size, needed: needed.size, seconds: found.seconds, reasons } });
}

/** Plan anew after each edit that changes what is run. */
export function planChanges(): void {
  let last = draftNow().graph;
  let callOff = afterTime(0, plan);
  documents.subscribe(({ history }) => {
    const { graph } = history.now;
    if (graph === last) return;
    last = graph;
    callOff();
    callOff = afterTime(PLAN_DELAY, plan);
  });
}
