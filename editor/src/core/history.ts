/** What can be taken back, and done again. A step is a whole draft: drafts share all that they have in common. */

import type { Draft } from "./draft.ts";
import type { MessageKey } from "../words/say.ts";

/** What a step did, said in menus as "Undo: move nodes". */
export type Deed = Extract<MessageKey, `deed.${string}`>;

interface Step {
  readonly before: Draft;
  readonly deed: Deed;
  /** Steps with the same key that follow each other closely are one. */
  readonly key: string | null;
  /** Milliseconds on the caller's clock at which the step was last added to. */
  readonly at: number;
}

export interface History {
  readonly now: Draft;
  readonly past: readonly Step[];
  readonly future: readonly { readonly after: Draft; readonly deed: Deed }[];
}

/** Steps that are kept. */
export const MOST_STEPS = 300;
/** Typing that rests this long, in milliseconds, begins a new step. */
export const PAUSE = 1000;

export function historyOf(draft: Draft): History {
  return { now: draft, past: [], future: [] };
}

/** The history with one step more. Nothing is added where nothing changed. */
export function commit(
  history: History,
  draft: Draft,
  deed: Deed,
  at: number,
  key: string | null = null,
  pause = PAUSE,
): History {
  if (draft.graph === history.now.graph && draft.view === history.now.view) return history;
  const last = history.past.at(-1);
  const isSame = key !== null && last?.key === key && at - last.at < pause && history.future.length === 0;
  const step: Step = { before: isSame ? last.before : history.now, deed, key, at };
  const past = isSame ? [...history.past.slice(0, -1), step] : [...history.past.slice(-(MOST_STEPS - 1)), step];
  return { now: draft, past, future: [] };
}

export function undo(history: History): History {
  const step = history.past.at(-1);
  if (step === undefined) return history;
  return {
    now: step.before,
    past: history.past.slice(0, -1),
    future: [...history.future, { after: history.now, deed: step.deed }],
  };
}

export function redo(history: History): History {
  const step = history.future.at(-1);
  if (step === undefined) return history;
  return {
    now: step.after,
    past: [...history.past, { before: history.now, deed: step.deed, key: null, at: 0 }],
    future: history.future.slice(0, -1),
  };
}

export function undoDeed(history: History): Deed | undefined {
  return history.past.at(-1)?.deed;
}

export function redoDeed(history: History): Deed | undefined {
  return history.future.at(-1)?.deed;
}
