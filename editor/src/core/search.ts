/** Finds node types by words: what begins with them first, then what contains them, then what is spelt near them. */

import type { Catalogue, NodeType } from "./catalogue.ts";
import { inputFor, outputFor } from "./edit/insert.ts";
import type { Scene } from "./connect.ts";
import type { Wire } from "./graph.ts";

/** What a new node must be able to take or give, where a wire was dropped. */
export type Need = { readonly kind: "takes"; readonly gives: string } | { readonly kind: "gives"; readonly to: Wire };

export function searchTypes(catalogue: Catalogue, words: string, uses: ReadonlyMap<string, number> = new Map()): readonly NodeType[] {
  const wanted = words.trim().toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const scored: { type: NodeType; score: number }[] = [];
  for (const type of catalogue.nodes.values()) {
    const score = wanted.reduce((sum, word) => sum + scoreOf(type, word), 0);
    if (wanted.every((word) => scoreOf(type, word) > 0)) scored.push({ type, score: score + Math.min(uses.get(type.id) ?? 0, 9) / 10 });
  }
  return scored.sort((a, b) => b.score - a.score || a.type.title.localeCompare(b.type.title)).map(({ type }) => type);
}

function scoreOf(type: NodeType, word: string): number {
  const title = type.title.toLocaleLowerCase();
  if (title.startsWith(word)) return 8;
  if (title.split(" ").some((part) => part.startsWith(word))) return 6;
  if (title.includes(word)) return 4;
  if (type.id.toLocaleLowerCase().includes(word) || type.category.toLocaleLowerCase().includes(word)) return 3;
  if (type.help.toLocaleLowerCase().split(/\W+/).some((part) => part.startsWith(word))) return 2;
  return isSpelt(title, word) ? 1 : 0;
}

/** Whether the letters of a word stand in a text in their order. */
function isSpelt(text: string, word: string): boolean {
  let at = 0;
  for (const letter of text) if (letter === word[at]) at += 1;
  return at === word.length && word.length >= 2;
}

/** The port by which a new node of a type would meet the need, or undefined where it cannot. */
export function portFor(scene: Scene, type: NodeType, need: Need): string | undefined {
  return need.kind === "takes" ? inputFor(scene, type, need.gives) : outputFor(scene, type, need.to);
}
