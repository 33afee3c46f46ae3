/** Whether two drafts are one document, told without writing either down: what they share is not looked into. */

import type { Draft } from "./draft.ts";
import { Float } from "./json.ts";

let last: { a: Draft; b: Draft; isSame: boolean } | null = null;

/** Whether two drafts are the same document with the same view: written, they would have one digest. */
export function isSameDraft(a: Draft, b: Draft): boolean {
  if (a === b) return true;
  if (last?.a !== a || last.b !== b) last = { a, b, isSame: isAlike(a, b) };
  return last.isSame;
}

/** A draft that is made of another's nodes and places wherever they are alike, so that the two are compared at once. */
export function sharing(draft: Draft, other: Draft): Draft {
  return {
    graph: { ...draft.graph, nodes: shared(draft.graph.nodes, other.graph.nodes) },
    view: { ...draft.view, places: shared(draft.view.places, other.view.places) },
  };
}

function shared<T>(map: ReadonlyMap<string, T>, other: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Map(
    [...map].map(([name, one]) => {
      const there = other.get(name);
      return [name, there !== undefined && isAlike(one, there) ? there : one];
    }),
  );
}

/** The order of keys says nothing: no digest depends on it. */
function isAlike(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (a instanceof Map) return b instanceof Map && a.size === b.size && everyAlike(a, b);
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, at) => isAlike(item, b[at]));
  if (a instanceof Float !== b instanceof Float) return false;
  const [mine, theirs] = [Object.entries(a), new Map(Object.entries(b))];
  return mine.length === theirs.size && mine.every(([key, item]) => theirs.has(key) && isAlike(item, theirs.get(key)));
}

function everyAlike(a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>): boolean {
  for (const [key, item] of a) if (!b.has(key) || !isAlike(item, b.get(key))) return false;
  return true;
}
