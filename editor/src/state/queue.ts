/** The queue of the server, as it is told: all runs that have not ended, those that ended last. */

import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";

import { type Queue } from "../api/generated.ts";
import { hearLive } from "./live.ts";

export interface QueueState {
  /** Counts by state and the limits; null before they were told. */
  readonly queue: Queue | null;
}

export const queue = createStore<QueueState>(() => ({ queue: null }));

export function useQueue<T>(select: (state: QueueState) => T): T {
  return useStore(queue, select);
}

/** Know of the queue from now on. */
export function followQueue(): void {
  hearLive(
    "queue",
    (event) => {
      if (event.kind === "queue_changed") queue.setState({ queue: event });
    },
    () => undefined,
  );
}
