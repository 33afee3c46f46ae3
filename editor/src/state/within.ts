/** What a run tells, as it concerns one level: the steps within it, named as its graph names them. */

import type { AnyEvent } from "../api/generated.ts";
import { loopsOf, stepWithin } from "../core/levels.ts";

/** An event as it is heard in a level; null where it concerns steps elsewhere. */
export function eventWithin(event: AnyEvent, prefix: string): AnyEvent | null {
  if (prefix === "") return event;
  switch (event.kind) {
    case "steps_cached": {
      const steps = event.steps.flatMap(([step, ...rest]): typeof event.steps => {
        const here = stepWithin(step, prefix);
        return here === undefined ? [] : [[here, ...rest]];
      });
      return { ...event, steps };
    }
    case "step_blocked": {
      const step = stepWithin(event.step, prefix);
      return step === undefined ? null : { ...event, step, by: stepWithin(event.by, prefix) ?? event.by };
    }
    case "call_started":
    case "call_progress":
    case "call_preview":
    case "call_finished":
    case "call_failed": {
      const step = stepWithin(event.step, prefix);
      return step === undefined ? null : { ...event, step };
    }
    // Results are those of the graph that was run.
    case "result_ready":
      return null;
    default:
      return event;
  }
}

/** All that a run told, to be told again to another level; of what is told live, only the last. */
export class Told {
  private readonly events = new Map<string, AnyEvent>();
  private readonly loops = new Map<string, { count: number; last: number }>();
  /** How the run ended; empty while it goes on. */
  end = "";

  clear(): void {
    this.end = "";
    this.events.clear();
    this.loops.clear();
  }

  /** Keep an event. Tells whether loops have more items than were known. */
  hear(event: AnyEvent): boolean {
    const key = keyOf(event);
    if (key === undefined) return false;
    this.events.delete(key);
    this.events.set(key, event);
    if (event.kind === "run_ended") this.end = event.state;
    const steps = event.kind === "steps_cached" ? event.steps.map(([step]) => step) : "step" in event ? [event.step] : [];
    return steps.map((step) => this.count(step)).includes(true);
  }

  private count(step: string): boolean {
    let isMore = false;
    for (const [loop, item] of loopsOf(step)) {
      const count = this.loops.get(loop)?.count ?? 0;
      isMore ||= item >= count;
      this.loops.set(loop, { count: Math.max(count, item + 1), last: item });
    }
    return isMore;
  }

  /** How many items of each loop were heard of. */
  counts(): ReadonlyMap<string, number> {
    return new Map([...this.loops].map(([loop, { count }]) => [loop, count]));
  }

  all(): Iterable<AnyEvent> {
    return this.events.values();
  }

  /** How many items of a loop were heard of, and which was the last. */
  loop(loop: string): { readonly count: number; readonly last: number } | undefined {
    return this.loops.get(loop);
  }
}

function keyOf(event: AnyEvent): string | undefined {
  if ("seq" in event) return String(event.seq);
  return event.kind === "call_progress" || event.kind === "call_preview" ? `${event.kind} ${event.step} ${String(event.item)}` : undefined;
}
