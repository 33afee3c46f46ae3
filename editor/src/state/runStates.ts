/** What events of a run say of the nodes, as changes of their status. */

import type { AnyEvent } from "../api/generated.ts";
import { contentOf } from "../api/runs.ts";
import { nodeOfStep } from "../core/targets.ts";
import type { Status } from "./runs.ts";

export type SetStatus = (name: string, change: Partial<Status>) => void;

interface Items {
  readonly started: Set<number>;
  readonly finished: Set<number>;
  seconds: number;
  isAllCached: boolean;
}

/** Follows one run. A node that is called for each item of a list is done when all that began have ended. */
export class RunStates {
  private readonly items = new Map<string, Items>();
  /** Nodes of which a call failed for good: what else of them goes well, or waits for that, says less. */
  private readonly failed = new Map<string, string>();
  private readonly set: SetStatus;

  constructor(set: SetStatus) {
    this.set = set;
  }

  hear(event: AnyEvent): void {
    switch (event.kind) {
      case "run_started":
        this.failed.clear();
        return;
      case "steps_cached":
        for (const [step] of event.steps) this.set(nodeOfStep(step), { state: "cached", fraction: 1, message: "" });
        return;
      case "call_started":
        this.itemsOf(event.step).started.add(event.item ?? 0);
        this.set(nodeOfStep(event.step), { state: "running", fraction: this.fraction(event.step, 0), message: "", error: "" });
        return;
      case "call_progress":
        this.set(nodeOfStep(event.step), { state: "running", fraction: this.fraction(event.step, event.fraction), message: event.message });
        return;
      case "call_preview":
        this.set(nodeOfStep(event.step), { preview: contentOf(event.digest) });
        return;
      case "call_finished":
        this.finished(event.step, event.item ?? 0, event.cached, event.seconds);
        return;
      case "call_failed":
        if (event.retried) return;
        this.failed.set(nodeOfStep(event.step), event.message);
        this.set(nodeOfStep(event.step), { state: "error", error: event.message });
        return;
      case "step_blocked":
        if (!this.failed.has(nodeOfStep(event.step))) this.set(nodeOfStep(event.step), { state: "blocked", message: nodeOfStep(event.by) });
        return;
      default:
        return;
    }
  }

  private finished(step: string, item: number, isCached: boolean, seconds: number): void {
    const items = this.itemsOf(step);
    items.started.add(item);
    items.finished.add(item);
    items.seconds += seconds;
    items.isAllCached &&= isCached;
    const isDone = items.finished.size === items.started.size;
    const error = this.failed.get(nodeOfStep(step));
    const state = error !== undefined ? "error" : !isDone ? "running" : items.isAllCached ? "cached" : "done";
    this.set(nodeOfStep(step), { state, fraction: this.fraction(step, 0), seconds: items.seconds, message: "", error: error ?? "", made: items.finished.size });
  }

  private itemsOf(step: string): Items {
    const name = nodeOfStep(step);
    const known = this.items.get(name) ?? { started: new Set<number>(), finished: new Set<number>(), seconds: 0, isAllCached: true };
    this.items.set(name, known);
    return known;
  }

  private fraction(step: string, ofOne: number): number {
    const { started, finished } = this.itemsOf(step);
    return started.size === 0 ? ofOne : Math.min(1, (finished.size + ofOne) / started.size);
  }
}
