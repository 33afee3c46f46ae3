/** The run of the graph that is open: planned as it is edited, begun, followed over reloads and broken lines, cancelled. */

import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";

import { afterTime, dialServer, EventChannel, type LineState } from "../api/channel.ts";
import type { AnyEvent, Fault, Plan, Run } from "../api/generated.ts";
import { cancelRun, fetchRun, fetchRunGraph, planRun, submitRun } from "../api/runs.ts";
import { readGraph } from "../core/graphRead.ts";
import { countedUp } from "../core/edit/seeds.ts";
import { type Graph, type Wire } from "../core/graph.ts";
import { withValues } from "../core/pastRun.ts";
import { PREVIEW, shapeOf } from "../core/geometry.ts";
import { stepWithin } from "../core/levels.ts";
import { neededBy, nodeOfStep, partFor, targetsOf } from "../core/targets.ts";
import { documents, draftNow, typesOfGraph } from "./documents.ts";
import { revealNode } from "./actions.ts";
import { keepTab } from "./keeping.ts";
import { outputBoard } from "./outputs.ts";
import { showCall, showEnd, showResults } from "./pictures.ts";
import { forgetPlans, plannedOnce } from "./plans.ts";
import { RunStates } from "./runStates.ts";
import { type NodeState, statusBoard } from "./runs.ts";
import { learnSeeds } from "./seeds.ts";
import { editedIn, editIn, prefixNow, rememberRun, rootGraph, rootTab, setEdited, setTab, tabs } from "./tabs.ts";
import { draftAt } from "./versions.ts";
import { toast } from "./views.ts";
import { eventWithin, Told } from "./within.ts";

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

/** Begin a run of the tab's graph, whichever graph within it is looked at: of the results, or of what the given nodes give. */
export async function startRun(names: readonly string[] = []): Promise<void> {
  const graph = rootGraph();
  if (running.getState().isGoing || graph.nodes.size === 0) return;
  if (rootTab().past !== null) {
    toast({ key: "past.refused", values: {} });
    return;
  }
  const { id: tab, trail, saved } = rootTab();
  running.setState({ isGoing: true });
  // What lies within is made by the node that was gone into.
  const [first] = trail;
  const ends = first !== undefined && names.length > 0 ? [first.node] : names;
  const targets = targetsOf(graph, typesOfGraph(graph), ends);
  const asked = await runnable(graph, targets, ends);
  const madeFrom = saved === null ? null : `${saved.name}@${String(saved.version)}`;
  const reply = await submitRun(asked, [...targets, ...(await seenTargets(asked, targets))], crypto.randomUUID(), madeFrom);
  if (tab !== tabs.getState().root) {
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
    if (faulty !== undefined && prefixNow() === "") revealNode(faulty);
    return;
  }
  wanted = neededBy(graph, targets);
  setEdited(tab, { ran: graph });
  follow(reply.value, 0);
  if ((editedIn(tab)?.history.now.view.counting.length ?? 0) > 0) {
    editIn(tab, "deed.value", countedUp);
    void keepTab(tab);
  }
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
  const typeOf = typesOfGraph(graph);
  const pictured = [...neededBy(graph, targets)]
    .filter((name) => shapeOf(typeOf(name), false).previewHeight === PREVIEW)
    .flatMap((name) => typeOf(name).outputs.slice(0, 1).map((output) => ({ node: name, port: output.name })));
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
  told.clear();
  loops.setState({ counts: told.counts() });
  rememberRun(tabs.getState().root, run.id);
  running.setState({ run, isGoing: true });
  lookCloser(run);
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

/** Another level of the graph is looked at: show what the run told of it. */
export function showLevel(): void {
  const { run, isGoing } = running.getState();
  states = new RunStates((name, change) => statusBoard.set(name, change));
  if (run === null) {
    plan();
    return;
  }
  lookCloser(run);
  for (const event of told.all()) tell(event);
  if (!isGoing) void settled(run.id, told.end);
}

/** What is known of a run beside what it tells, for the graph on the canvas. */
function lookCloser(run: Run): void {
  void learnSeeds(prefixNow() === "" ? run : null);
  const level = rootTab().trail.at(-1);
  if (level === undefined) return;
  const { active } = tabs.getState();
  void draftAt(level.name, run.created).then((draft) => {
    if (draft !== undefined && running.getState().run?.id === run.id && tabs.getState().active === active) setEdited(active, { ran: draft.graph });
  });
}

async function followRun(id: string): Promise<void> {
  const tab = tabs.getState().root;
  const [reply, text] = await Promise.all([fetchRun(id), fetchRunGraph(id)]);
  if (tab !== tabs.getState().root) return;
  const read = text.isOk ? readGraph(text.value) : undefined;
  if (!reply.isOk || read?.isOk !== true) {
    // A run that the server does not know any more is not asked for again; one that it cannot be asked for now is.
    if (!reply.isOk && reply.status === 404) setTab(tab, { run: null });
    plan();
    return;
  }
  const graph = withValues(read.value.graph, reply.value.parameters);
  wanted = neededBy(graph, []);
  setEdited(tab, { ran: graph });
  follow(reply.value, 0);
}

const told = new Told();

const loops = createStore<{ readonly counts: ReadonlyMap<string, number> }>(() => ({ counts: new Map() }));

/** How many items of a loop were heard of. */
export function useLoop(loop: string): number {
  return useStore(loops, (state) => state.counts.get(loop) ?? 0);
}

/** Of a loop that a run goes through, how many items were heard of, and which was the last. */
export function loopNow(loop: string): { readonly count: number; readonly last: number } | undefined {
  return told.loop(loop);
}

/** The nodes of the graph on the canvas that the run may need. */
function wantedHere(ofRun: ReadonlySet<string>): ReadonlySet<string> {
  const [first] = rootTab().trail;
  if (first === undefined) return ofRun;
  return ofRun.has(first.node) ? neededBy(draftNow().graph, []) : new Set();
}

let isAsking = false;
/** The nodes that the run that is followed may need. */
let wanted: ReadonlySet<string> = new Set();

function hear(event: AnyEvent): void {
  if (told.hear(event)) loops.setState({ counts: told.counts() });
  tell(event);
  for (const ear of ears) ear(event);
  if (event.kind === "result_ready" && !isAsking && prefixNow() === "") {
    isAsking = true;
    // Results come in flocks: they are asked for once a moment.
    afterTime(200, () => {
      isAsking = false;
      void showResults(event.run);
    });
  } else if (event.kind === "run_ended") void ended(event.run, event.state);
}

/** Show what an event says of the graph on the canvas. */
function tell(event: AnyEvent): void {
  // Everything waits at first; what is told then says of each node how it goes on.
  if (event.kind === "run_started") for (const name of wantedHere(wanted)) statusBoard.set(name, { state: "queued", fraction: 0, error: "", message: "" });
  const prefix = prefixNow();
  const here = eventWithin(event, prefix);
  if (here === null) return;
  states.hear(here);
  outputBoard.hear(here);
  // Results tell of what the graph gives that was run: within it, each call does.
  if (prefix !== "" && here.kind === "call_finished") void showCall(here.step, here.key, prefix);
  else if (prefix !== "" && here.kind === "steps_cached") for (const [step, key] of here.steps) void showCall(step, key, prefix);
}

async function ended(id: string, state: string): Promise<void> {
  running.setState({ isGoing: false });
  channel.leave(`run:${id}`);
  forgetPlans();
  await settled(id, state);
}

async function settled(id: string, state: string): Promise<void> {
  await showEnd(id);
  // Within a loop nothing more is said of what was found in the cache as a whole. A past run is not planned, which
  // would say of nodes that it had no need to call, or over an empty list, that they wait for nothing.
  const isPast = rootTab().past !== null;
  const next = isPast && state === "succeeded" && !isInLoop() ? "cached" : "idle";
  if (state === "cancelled" || isInLoop() || isPast) for (const name of draftNow().graph.nodes.keys()) settle(name, next);
  plan();
}

function isInLoop(): boolean {
  return rootTab().trail.some(({ item }) => item !== null);
}

/** A node that a run left waiting when it was over waits no more. */
function settle(name: string, next: NodeState): void {
  const { state } = statusBoard.get(name);
  if (state === "queued" || state === "running") statusBoard.set(name, { state: next, fraction: 0, message: "" });
}

let asked = 0;

/** Ask what a run would do, and show it on the nodes. An answer that comes after another edit is not heard. */
export function plan(): void {
  const graph = rootGraph();
  asked += 1;
  const number = asked;
  const targets = targetsOf(graph, typesOfGraph(graph));
  if (graph.nodes.size === 0 || rootTab().past !== null) {
    running.setState({ plan: null, faults: NO_FAULTS });
    return;
  }
  void plannedOnce(graph, targets).then((reply) => {
    if (number !== asked || running.getState().isGoing) return;
    if (!reply.isOk) {
      running.setState({ plan: null, faults: prefixNow() === "" ? faultyNodes(reply.faults, graph) : NO_FAULTS });
      return;
    }
    running.setState({ faults: NO_FAULTS });
    show(reply.value, neededBy(graph, targets));
  });
}

function show(found: Plan, needed: ReadonlySet<string>): void {
  const prefix = prefixNow();
  const reasons = new Map<string, string>();
  const seconds = new Map<string, number>();
  const toRun = new Set<string>();
  const certain = new Set<string>();
  for (const { step, reason, will_run: willRun, certain: isCertain, seconds: long } of found.steps) {
    const here = stepWithin(step, prefix);
    if (here === undefined) continue;
    const node = nodeOfStep(here);
    reasons.set(node, reason);
    if (!willRun) continue;
    toRun.add(node);
    if (isCertain) certain.add(node);
    seconds.set(node, (seconds.get(node) ?? 0) + long);
  }
  const nodesOf = (steps: Plan["steps"]) => new Set(steps.map(({ step }) => nodeOfStep(step))).size;
  const all = found.steps.filter((step) => step.will_run);
  running.setState({ plan: { toRun: nodesOf(all), least: nodesOf(all.filter((step) => step.certain)), needed: needed.size, seconds: found.seconds, reasons } });
  // How many items a loop has is known once it runs: of what is within nothing is said.
  if (isInLoop()) return;
  const neededHere = wantedHere(needed);
  for (const name of draftNow().graph.nodes.keys()) {
    const now = statusBoard.get(name).state;
    const next: NodeState = certain.has(name) ? "planned" : toRun.has(name) ? "possible" : neededHere.has(name) ? "cached" : "idle";
    // What the last run did stays to be seen as long as it is still true.
    const isStill = next === "cached" && (now === "done" || now === "cached");
    if (isStill || (now === "error" && toRun.has(name))) continue;
    statusBoard.set(name, { state: next, fraction: 0, seconds: seconds.get(name) ?? null, message: "", error: "" });
  }
}

/** Plan anew after each edit that changes what is run. */
export function planChanges(): void {
  let last = rootGraph();
  let callOff = afterTime(0, plan);
  const look = () => {
    const graph = rootGraph();
    if (graph === last) return;
    last = graph;
    callOff();
    callOff = afterTime(PLAN_DELAY, plan);
  };
  documents.subscribe(look);
  tabs.subscribe(look);
}
