/** What nodes are doing: kept outside React, told to it once a frame at most, and only to the nodes that it concerns. */

import { useSyncExternalStore } from "react";

export type NodeState = "idle" | "planned" | "possible" | "cached" | "queued" | "running" | "done" | "error" | "blocked";

export interface Status {
  readonly state: NodeState;
  /** From 0 to 1, while it runs. */
  readonly fraction: number;
  readonly message: string;
  /** How long it took, or is expected to take. */
  readonly seconds: number | null;
  readonly error: string;
  /** How often it was called, and so how many things it gave through each output; 0 before. */
  readonly made: number;
  /** A picture of what it gave or is about to give. */
  readonly preview: string | null;
}

export const IDLE: Status = { state: "idle", fraction: 0, message: "", seconds: null, error: "", made: 0, preview: null };

export function isRunning(status: Status): boolean {
  return status.state === "running";
}

type Listener = () => void;

/** Status by node. Changes wait for the next frame, however many there are. */
export class StatusBoard {
  private readonly now = new Map<string, Status>();
  private readonly waiting = new Map<string, Status>();
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly all = new Set<Listener>();
  private isAsked = false;
  private readonly nextFrame: (flush: () => void) => void;
  /** Flushes so far: what tests count. */
  flushes = 0;

  constructor(nextFrame: (flush: () => void) => void) {
    this.nextFrame = nextFrame;
  }

  get(name: string): Status {
    return this.now.get(name) ?? IDLE;
  }

  set(name: string, change: Partial<Status>): void {
    this.waiting.set(name, { ...(this.waiting.get(name) ?? this.get(name)), ...change });
    this.ask();
  }

  clear(): void {
    for (const name of this.now.keys()) this.waiting.set(name, IDLE);
    this.ask();
  }

  subscribe(name: string, listener: Listener): () => void {
    const known = this.listeners.get(name) ?? new Set();
    known.add(listener);
    this.listeners.set(name, known);
    return () => {
      known.delete(listener);
      if (known.size === 0) this.listeners.delete(name);
    };
  }

  /** For what draws all nodes at once. */
  subscribeAll(listener: Listener): () => void {
    this.all.add(listener);
    return () => this.all.delete(listener);
  }

  private ask(): void {
    if (this.isAsked) return;
    this.isAsked = true;
    this.nextFrame(() => this.flush());
  }

  private flush(): void {
    this.isAsked = false;
    this.flushes += 1;
    const changed = [...this.waiting];
    this.waiting.clear();
    for (const [name, status] of changed) this.now.set(name, status);
    for (const [name] of changed) for (const listener of this.listeners.get(name) ?? []) listener();
    for (const listener of this.all) listener();
  }
}

export const statusBoard = new StatusBoard((flush) => requestAnimationFrame(flush));

export function useStatus(name: string): Status {
  return useSyncExternalStore(
    (listener) => statusBoard.subscribe(name, listener),
    () => statusBoard.get(name),
  );
}

/** A part of a node's status: what is drawn from it is drawn anew only when that part changes. */
export function useStatusOf<T extends string | number | boolean | null>(name: string, select: (status: Status) => T): T {
  return useSyncExternalStore(
    (listener) => statusBoard.subscribe(name, listener),
    () => select(statusBoard.get(name)),
  );
}
