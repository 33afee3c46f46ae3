/** Past runs: listed by what they were of and how they ended, some at a time; two of them are chosen to be compared. */

import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";

import type { Run } from "../api/generated.ts";
import { fetchRuns } from "../api/queue.ts";
import type { Said } from "../words/say.ts";

export const STATES = ["succeeded", "failed", "cancelled", "interrupted", "running", "queued", "paused"] as const satisfies readonly Run["state"][];

export interface PastRuns {
  readonly state: Run["state"] | null;
  /** Runs of graphs with this title alone; null for all. */
  readonly title: string | null;
  readonly runs: readonly Run[];
  /** Where the list goes on; null at its end. */
  readonly next: string | null;
  readonly isKnown: boolean;
  readonly said: Said | null;
  /** Runs that are chosen, by id: two at most. */
  readonly chosen: readonly string[];
  /** The two that are being compared, the earlier first. */
  readonly compared: readonly [Run, Run] | null;
}

export const pastRuns = createStore<PastRuns>(() => ({ state: null, title: null, runs: [], next: null, isKnown: false, said: null, chosen: [], compared: null }));

export function usePastRuns<T>(select: (state: PastRuns) => T): T {
  return useStore(pastRuns, select);
}

const PAGE = 30;
let asked = 0;

/** List from the newest; what was listed stays until there is an answer. */
export async function listRuns(): Promise<void> {
  await list(undefined);
}

export async function listMore(): Promise<void> {
  const { next } = pastRuns.getState();
  if (next !== null) await list(next);
}

async function list(cursor: string | undefined, isFresh = false): Promise<void> {
  asked += 1;
  const number = asked;
  const { state, title } = pastRuns.getState();
  const reply = await fetchRuns({ state: state ?? undefined, title: title ?? undefined, limit: PAGE, cursor });
  if (number !== asked) return;
  if (!reply.isOk) {
    pastRuns.setState({ said: reply.said });
    return;
  }
  const { items, next } = reply.value;
  pastRuns.setState((before) => {
    if (cursor !== undefined) return { runs: [...before.runs, ...items], next: next ?? null };
    // The pages that were asked for after the first stay.
    const oldest = items.at(-1)?.created ?? Infinity;
    const listed = new Set(items.map((run) => run.id));
    const older = next == null || isFresh ? [] : before.runs.filter((run) => run.created <= oldest && !listed.has(run.id));
    return { runs: [...items, ...older], next: older.length > 0 ? before.next : (next ?? null), isKnown: true, said: null };
  });
}

export function filterRuns(filter: Partial<Pick<PastRuns, "state" | "title">>): void {
  pastRuns.setState({ ...filter, chosen: [] });
  void list(undefined, true);
}

/** Choose a run to be compared, or no longer; of three, the one that was chosen first goes. */
export function toggleChosen(id: string): void {
  pastRuns.setState(({ chosen }) => ({ chosen: chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id].slice(-2) }));
}

export function compareChosen(): void {
  const { chosen, runs } = pastRuns.getState();
  const [one, other] = runs.filter((run) => chosen.includes(run.id)).toSorted((a, b) => a.created - b.created);
  if (one !== undefined && other !== undefined) compareRuns(one, other);
}

export function compareRuns(one: Run, other: Run): void {
  pastRuns.setState({ compared: [one, other] });
}

export function closeComparison(): void {
  pastRuns.setState({ compared: null });
}
