/** What was done to a mask, step by step: it is drawn anew from these, so that undoing keeps no pictures. */

import type { Point } from "./view.ts";

/** A stroke goes through points of the picture, in its pixels. */
export type MaskStep =
  | { readonly kind: "stroke"; readonly points: readonly Point[]; readonly width: number; readonly isErasing: boolean }
  | { readonly kind: "invert" }
  | { readonly kind: "clear" };

export interface MaskSteps {
  readonly done: readonly MaskStep[];
  readonly undone: readonly MaskStep[];
}

export const NO_STEPS: MaskSteps = { done: [], undone: [] };

export function stepped(steps: MaskSteps, step: MaskStep): MaskSteps {
  return { done: [...steps.done, step], undone: [] };
}

export function undone({ done, undone: later }: MaskSteps): MaskSteps {
  const last = done.at(-1);
  return last === undefined ? { done, undone: later } : { done: done.slice(0, -1), undone: [last, ...later] };
}

export function redone({ done, undone: later }: MaskSteps): MaskSteps {
  const [next, ...rest] = later;
  return next === undefined ? { done, undone: later } : { done: [...done, next], undone: rest };
}
