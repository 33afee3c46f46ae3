/** What nodes gave in the run that is followed: asked for by whoever shows it, and told once a frame at most. */

import { useEffect, useSyncExternalStore } from "react";

import { fetchCall, type Part } from "../api/calls.ts";
import type { AnyEvent } from "../api/generated.ts";
import { nodeOfStep } from "../core/targets.ts";

/** A value that a node gave. Of a node that is called for each item of a list, `call` numbers the item. */
export interface Made extends Part {
  readonly node: string;
  readonly call: number;
}

type Listener = () => void;
type Fetch = (key: string) => Promise<readonly Part[] | null>;

const NOTHING: readonly Made[] = [];

/** The keys of the calls that ended, and what of it was fetched. */
export class OutputBoard {
  /** By node the run that it ran in last, and by number of the call the key of what it gave. */
  private readonly keys = new Map<string, { readonly run: string; readonly calls: Map<number, string> }>();
  private readonly fetched = new Map<string, readonly Part[] | "asked">();
  private readonly made = new Map<string, readonly Made[]>();
  private readonly wanted = new Map<string, number>();
  private readonly listeners = new Set<Listener>();
  private isAsked = false;
  /** Grows with each change that was told. */
  version = 0;
  private readonly fetch: Fetch;
  private readonly nextFrame: (flush: () => void) => void;

  constructor(fetch: Fetch, nextFrame: (flush: () => void) => void) {
    this.fetch = fetch;
    this.nextFrame = nextFrame;
  }

  hear(event: AnyEvent): void {
    if (event.kind === "steps_cached") for (const [step, key] of event.steps) this.know(event.run, step, null, key);
    else if (event.kind === "call_finished") this.know(event.run, event.step, event.item, event.key);
  }

  /** What a node gave in another run, from which the one before took what hangs from it. */
  recall(node: string, item: number, run: string, key: string): void {
    this.know(run, node, item, key);
  }

  /** Forget everything, as for another graph. What a run does not touch stays as the run before left it. */
  clear(): void {
    this.keys.clear();
    this.made.clear();
    this.ask();
  }

  get(node: string): readonly Made[] {
    return this.made.get(node) ?? NOTHING;
  }

  /** Fetch what a node gave, now and as it gives more, until this is taken back. */
  want(node: string): () => void {
    this.wanted.set(node, (this.wanted.get(node) ?? 0) + 1);
    this.fetchOf(node);
    return () => {
      const left = (this.wanted.get(node) ?? 1) - 1;
      if (left > 0) this.wanted.set(node, left);
      else this.wanted.delete(node);
    };
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private know(run: string, step: string, item: number | null, key: string): void {
    // What runs inside a saved graph or a loop is no output of the node that stands for it.
    if (step.includes("/")) return;
    const node = nodeOfStep(step);
    const before = this.keys.get(node);
    const known = before?.run === run ? before : { run, calls: new Map<number, string>() };
    known.calls.set(item ?? Number(/\[(\d+)\]/.exec(step)?.[1] ?? 0), key);
    this.keys.set(node, known);
    if (this.wanted.has(node)) this.fetchOf(node);
  }

  private fetchOf(node: string): void {
    const known = this.keys.get(node);
    if (known === undefined) return;
    for (const key of known.calls.values()) {
      if (this.fetched.has(key)) continue;
      this.fetched.set(key, "asked");
      void this.fetch(key).then((parts) => {
        if (parts === null) this.fetched.delete(key);
        else this.fetched.set(key, parts);
        for (const [other, { calls }] of this.keys) if ([...calls.values()].includes(key)) this.gather(other);
      });
    }
    this.gather(node);
  }

  private gather(node: string): void {
    const calls = [...(this.keys.get(node)?.calls ?? [])].sort(([one], [other]) => one - other);
    const found = calls.flatMap(([call, key]) => {
      const parts = this.fetched.get(key);
      return parts === undefined || parts === "asked" ? [] : parts.map((part) => ({ ...part, node, call }));
    });
    if (found.length === 0 && !this.made.has(node)) return;
    this.made.set(node, found.length === 0 ? NOTHING : found);
    this.ask();
  }

  private ask(): void {
    if (this.isAsked) return;
    this.isAsked = true;
    this.nextFrame(() => {
      this.isAsked = false;
      this.version += 1;
      for (const listener of this.listeners) listener();
    });
  }
}

export const outputBoard = new OutputBoard(
  async (key) => {
    const reply = await fetchCall(key);
    return reply.isOk ? reply.value : null;
  },
  (flush) => requestAnimationFrame(flush),
);

/** What a node gave; fetched as long as somebody looks. */
export function useOutputs(node: string): readonly Made[] {
  useEffect(() => outputBoard.want(node), [node]);
  return useSyncExternalStore(
    (listener) => outputBoard.subscribe(listener),
    () => outputBoard.get(node),
  );
}

/** A number that changes when what any of some nodes gave does. */
export function useOutputsOf(nodes: readonly string[]): number {
  const names = nodes.join(" ");
  useEffect(() => {
    const leave = names.split(" ").map((name) => outputBoard.want(name));
    return () => leave.forEach((one) => one());
  }, [names]);
  return useSyncExternalStore(
    (listener) => outputBoard.subscribe(listener),
    () => outputBoard.version,
  );
}
