/** What is known of the run that is followed besides its states: its log, its failures, why each node ran. */

import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";

import type { AnyEvent, Device, Hindsight, LogLine } from "../api/generated.ts";
import { fetchDevices } from "../api/machine.ts";
import { fetchLog, fetchReasons } from "../api/records.ts";
import { nodeOfStep } from "../core/targets.ts";
import { stepWithin } from "../core/levels.ts";
import type { Said } from "../words/say.ts";
import { hearLive } from "./live.ts";
import { hearRun, running } from "./running.ts";
import { prefixIn, prefixNow, tabs } from "./tabs.ts";

export type Level = "info" | "warning" | "error";

export interface LogEntry {
  readonly id: string;
  readonly at: number;
  readonly level: Level;
  /** That it is of; empty where it concerns none. */
  readonly step: string;
  /** What the editor says of it; what was printed or raised stands in `text`. */
  readonly said: Said | null;
  readonly text: string;
  readonly isOfRun: boolean;
}

export interface Failure {
  readonly step: string;
  readonly code: string;
  readonly message: string;
  readonly at: number;
  /** The entry of the log that tells of it. */
  readonly entry: string;
  /** The devices as they were then; null where that is not known, as after a reload. */
  readonly devices: readonly Device[] | null;
}

export interface RunRecord {
  readonly run: string | null;
  readonly entries: readonly LogEntry[];
  /** By node of the graph on the canvas. */
  readonly failures: ReadonlyMap<string, Failure>;
  /** For each of its nodes that gave something why it ran, or which run made it. */
  readonly reasons: ReadonlyMap<string, Hindsight>;
  /** All failures by step, and all reasons, whatever is on the canvas. */
  readonly failed: ReadonlyMap<string, Failure>;
  readonly hindsight: readonly Hindsight[];
  /** The entry that is to be looked at. */
  readonly shown: string | null;
}

const NO_FAILURES: ReadonlyMap<string, Failure> = new Map();
const NO_REASONS: ReadonlyMap<string, Hindsight> = new Map();
const EMPTY: RunRecord = { run: null, entries: [], failures: NO_FAILURES, reasons: NO_REASONS, failed: NO_FAILURES, hindsight: [], shown: null };
/** Entries that are kept; the oldest go first. */
const MOST = 1000;
/** Seconds within which what is told of a failure is of now. */
const RECENT = 5;

export const record = createStore<RunRecord>(() => EMPTY);

export function useRecord<T>(select: (state: RunRecord) => T): T {
  return useStore(record, select);
}

/** Keep a record of what is followed from now on. */
export function keepRecord(): void {
  hearRun(hear);
  hearLive("devices", hearDevices, () => undefined);
  hearLive("log", hearServer, () => undefined);
  let prefix = prefixNow();
  tabs.subscribe((state) => {
    if (prefixIn(state) === prefix) return;
    prefix = prefixIn(state);
    sort();
  });
  running.subscribe(({ run }) => {
    if (run === null && record.getState().run !== null) clear(null);
  });
}

/** Look at an entry of the log. */
export function showEntry(id: string): void {
  record.setState({ shown: id });
}

function clear(run: string | null): void {
  record.setState(({ entries }) => ({ ...EMPTY, run, entries: entries.filter((entry) => !entry.isOfRun) }));
}

function add(...added: readonly LogEntry[]): void {
  record.setState(({ entries }) => {
    const known = new Set(entries.map((entry) => entry.id));
    const fresh = added.filter((entry) => !known.has(entry.id));
    if (fresh.length === 0) return {};
    return { entries: [...entries, ...fresh].toSorted((a, b) => a.at - b.at).slice(-MOST) };
  });
}

function hear(event: AnyEvent): void {
  if (!("run" in event) || event.run === null) return;
  if (event.run !== record.getState().run) {
    clear(event.run);
    void readLog(event.run);
  }
  switch (event.kind) {
    case "run_started":
      // What failed in an attempt before is tried again.
      record.setState({ failures: NO_FAILURES, reasons: NO_REASONS, failed: NO_FAILURES, hindsight: [] });
      add(entryOf(event.seq, event.at, "info", "", { key: "log.started", values: { run: event.to_run, cached: event.cached } }));
      return;
    case "call_failed":
      failed(event);
      return;
    case "step_blocked":
      add(entryOf(event.seq, event.at, "warning", event.step, { key: "log.blocked", values: { by: nodeOfStep(event.by) } }));
      return;
    case "run_ended":
      add(entryOf(event.seq, event.at, event.state === "failed" ? "error" : "info", "", { key: `log.run.${endOf(event.state)}`, values: { seconds: Math.round(event.seconds * 10) / 10 } }));
      void readReasons(event.run);
      return;
    case "log":
      // Tracebacks are kept, and read from there: others have a number to be known by.
      if (event.level === "error" && event.step !== "") void readLog(event.run);
      else add({ id: `live:${String(event.at)}:${event.text}`, at: event.at, level: event.level, step: event.step, said: null, text: event.text, isOfRun: true });
      return;
    default:
      return;
  }
}

function endOf(state: string): "succeeded" | "failed" | "cancelled" | "ended" {
  return state === "succeeded" || state === "failed" || state === "cancelled" ? state : "ended";
}

function entryOf(seq: number, at: number, level: Level, step: string, said: Said): LogEntry {
  return { id: `seq:${String(seq)}`, at, level, step, said, text: "", isOfRun: true };
}

function failed(event: Extract<AnyEvent, { kind: "call_failed" }>): void {
  const said: Said = { key: event.retried ? "log.retried" : "log.failed", values: { message: event.message, code: event.code } };
  const entry = entryOf(event.seq, event.at, event.retried ? "warning" : "error", event.step, said);
  add(entry);
  if (event.retried) return;
  const failure: Failure = { step: event.step, code: event.code, message: event.message, at: event.at, entry: entry.id, devices: null };
  setFailure(failure);
  if (Date.now() / 1000 - event.at < RECENT) void measure(event.run, event.step);
}

function setFailure(failure: Failure): void {
  record.setState(({ failed }) => ({ failed: new Map(failed).set(failure.step, failure) }));
  sort();
}

/** Sort failures and reasons to the nodes of the graph on the canvas. */
function sort(): void {
  const { failed, hindsight } = record.getState();
  const prefix = prefixNow();
  const nodeOf = (step: string) => {
    const here = stepWithin(step, prefix);
    return here === undefined ? undefined : nodeOfStep(here);
  };
  const failures = new Map<string, Failure>();
  for (const [step, failure] of failed) {
    const node = nodeOf(step);
    if (node !== undefined) failures.set(node, failure);
  }
  const reasons = new Map<string, Hindsight>();
  for (const one of hindsight) {
    const node = nodeOf(one.step);
    const known = node === undefined ? undefined : reasons.get(node);
    // Of the steps within a node one that ran says more than one that was cached.
    if (node !== undefined && (known === undefined || (!known.ran && one.ran))) reasons.set(node, one);
  }
  record.setState({ failures, reasons });
}

/** Look how full the devices are, as near to a failure as can be. */
async function measure(run: string, step: string): Promise<void> {
  const reply = await fetchDevices();
  const { run: now, failed: known } = record.getState();
  const failure = known.get(step);
  if (reply.isOk && now === run && failure !== undefined) setFailure({ ...failure, devices: reply.value });
}

async function readLog(run: string): Promise<void> {
  const reply = await fetchLog(run);
  if (reply.isOk && record.getState().run === run) add(...reply.value.map(entryOfLine));
}

function entryOfLine(line: LogLine, place: number): LogEntry {
  return { id: `line:${String(line.number)}:${String(place)}`, at: line.at, level: "error", step: line.step, said: null, text: line.text, isOfRun: true };
}

async function readReasons(run: string): Promise<void> {
  const reply = await fetchReasons(run);
  if (!reply.isOk || record.getState().run !== run) return;
  record.setState({ hindsight: reply.value });
  sort();
}

/** What the server itself says; where the key does not permit that, nothing comes. */
function hearServer(event: AnyEvent): void {
  if (event.kind !== "log" || event.run !== null) return;
  add({ id: `server:${String(event.at)}:${event.text}`, at: event.at, level: event.level, step: "", said: null, text: event.text, isOfRun: false });
}

function hearDevices(event: AnyEvent): void {
  if (event.kind !== "warning") return;
  add({ id: `warning:${String(event.at)}`, at: event.at, level: "warning", step: "", said: null, text: event.message, isOfRun: false });
}
