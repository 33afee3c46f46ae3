/** The queue of the server: how many runs there are, as it is told; and while it is looked at, which. */

import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";

import { afterTime } from "../api/channel.ts";
import type { Answer } from "../api/http.ts";
import type { Queue, Run, RunPage } from "../api/generated.ts";
import { clearQueue, discardRun, fetchRuns, fetchWaiting, moveRun, pauseQueue, steerRun, type Steering, submitText } from "../api/queue.ts";
import { fetchRunGraph } from "../api/runs.ts";
import { beside, moved } from "../core/moving.ts";
import type { Said } from "../words/say.ts";
import { hearLive } from "./live.ts";
import { running, showRun } from "./running.ts";
import { toast } from "./views.ts";

export interface QueueState {
  /** Counts by state and the limits; null before they were told. */
  readonly queue: Queue | null;
  /** Runs that are to be decided on, since their server died. */
  readonly interrupted: readonly Run[];
  /** Runs under way, and those that are paused. */
  readonly active: readonly Run[];
  /** Runs that wait, in the order in which they go. */
  readonly waiting: readonly Run[];
  /** Runs that ended last. */
  readonly ended: readonly Run[];
  /** Why nothing is known; null where it is. */
  readonly said: Said | null;
  readonly isKnown: boolean;
}

const NONE: readonly Run[] = [];

export const queue = createStore<QueueState>(() => ({ queue: null, interrupted: NONE, active: NONE, waiting: NONE, ended: NONE, said: null, isKnown: false }));

export function useQueue<T>(select: (state: QueueState) => T): T {
  return useStore(queue, select);
}

/** Runs of each way to end that are looked at. */
const ENDED = 20;
/** Milliseconds between a change and the question what there is, and between looks at how far runs are. */
const SOON = 80;
const PACE = 1000;

/** Know how many runs there are, from now on. */
export function followQueue(): void {
  hearLive(
    "queue",
    (event) => {
      if (event.kind === "queue_changed") queue.setState({ queue: event });
    },
    () => undefined,
  );
}

/** Know which runs there are, until what is given back is called. */
export function watchRuns(): () => void {
  let callOff: (() => void) | null = null;
  let isOver = false;
  const look = () => {
    callOff = null;
    void refresh().then(() => {
      // How far runs are is told to those alone who hear each: here it is looked at now and then.
      if (!isOver && queue.getState().active.length > 0) callOff ??= afterTime(PACE, look);
    });
  };
  const soon = () => {
    callOff?.();
    callOff = afterTime(SOON, look);
  };
  const leave = hearLive("queue", soon, soon);
  soon();
  return () => {
    isOver = true;
    callOff?.();
    leave();
  };
}

let asked = 0;

export async function refresh(): Promise<void> {
  asked += 1;
  const number = asked;
  const of = (state: Run["state"], limit = 100) => fetchRuns({ state, limit });
  const [waiting, ...lists] = await Promise.all([
    fetchWaiting(),
    of("interrupted"),
    of("running"),
    of("paused"),
    of("succeeded", ENDED),
    of("failed", ENDED),
    of("cancelled", ENDED),
  ]);
  if (number !== asked) return;
  const refused = [waiting, ...lists].find((reply) => !reply.isOk);
  if (refused?.isOk === false) {
    queue.setState({ said: refused.said });
    return;
  }
  const [interrupted = NONE, running = NONE, paused = NONE, ...ended] = lists.map(itemsOf);
  queue.setState({
    said: null,
    isKnown: true,
    // What was moved here stands where it was put until the server has heard of it.
    ...(moves > 0 || !waiting.isOk ? {} : { waiting: waiting.value }),
    interrupted,
    active: [...running, ...paused],
    ended: ended.flat().toSorted((a, b) => (b.ended ?? b.created) - (a.ended ?? a.created)).slice(0, ENDED),
  });
}

function itemsOf(reply: Answer<RunPage>): readonly Run[] {
  return reply.isOk ? reply.value.items : NONE;
}

/** Do something to the queue; what is refused is told, and either way what there is then is asked for. */
async function after(answer: Promise<Answer<unknown>>): Promise<boolean> {
  const reply = await answer;
  if (!reply.isOk) toast(reply.said);
  await refresh();
  return reply.isOk;
}

export function setPaused(paused: boolean): Promise<boolean> {
  return after(pauseQueue(paused));
}

export async function steer(id: string, how: Steering): Promise<boolean> {
  const isDone = await after(steerRun(id, how));
  // The canvas had left a run that was over; it goes on with it.
  if (isDone && (how === "retry" || how === "resume") && running.getState().run?.id === id) showRun(id);
  return isDone;
}

export function discard(id: string): Promise<boolean> {
  return after(discardRun(id));
}

/** Cancel all that waits and all that is under way. */
export async function cancelAll(): Promise<void> {
  const { active } = queue.getState();
  await after(clearQueue());
  for (const run of active) await after(steerRun(run.id, "cancel"));
}

/** Run again what a run was made from. One that failed or was cancelled goes on under its own name. */
export async function runAgain(run: Run): Promise<void> {
  if (run.state !== "succeeded") {
    await steer(run.id, "retry");
    return;
  }
  const graph = await fetchRunGraph(run.id);
  if (graph.isOk) await after(submitText(graph.value, run));
  else toast(graph.said);
}

/** Moves that were made here and are not answered yet: one after the other, since each says beside which other run. */
let moving: Promise<void> = Promise.resolve();
let moves = 0;

/** Put a run that waits to another place among those that wait; it stands there at once. */
export async function moveWaiting(from: number, to: number): Promise<void> {
  const { waiting } = queue.getState();
  const place = Math.max(0, Math.min(to, waiting.length - 1));
  const next = beside(waiting.map((run) => run.id), from, place);
  const run = waiting[from];
  if (next === undefined || run === undefined) return;
  queue.setState({ waiting: moved(waiting, from, place) });
  moves += 1;
  moving = moving.then(async () => {
    const reply = await moveRun(run.id, next.side, next.other);
    moves -= 1;
    if (!reply.isOk) toast(reply.said);
  });
  await moving;
  if (moves === 0) await refresh();
}
