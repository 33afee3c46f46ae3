/** What is wrong with a document: the engine's code, the place, and words that are said in the user's language. */

import type { Said } from "../words/say.ts";

export interface Fault {
  readonly code: string;
  /** A JSON pointer into the document. */
  readonly at: string;
  readonly said: Said;
}

/** Either what was asked for, or every fault that stands against it. */
export type Result<T> = { readonly isOk: true; readonly value: T } | { readonly isOk: false; readonly faults: readonly Fault[] };

export function ok<T>(value: T): Result<T> {
  return { isOk: true, value };
}

export function failed(...faults: readonly Fault[]): { readonly isOk: false; readonly faults: readonly Fault[] } {
  return { isOk: false, faults };
}
