/** Why a node ran or will run, as the server says it in English, in the user's language. */

import type { Say } from "./say.ts";

type Words = (say: Say, part: string) => string;

/** What the server says, by how it is told; what stands in it is the first group. */
const SAID: readonly (readonly [RegExp, Words])[] = [
  [/^(\S+) changed$/u, (say, port) => say("why.changed", { port })],
  [/^(\S+) runs before it$/u, (say, step) => say("why.before", { step })],
  [/^never ran here before$/, (say) => say("why.never")],
  [/^what it gave is no longer kept$/, (say) => say("why.notKept")],
  [/^what it gave is no longer whole in the cache$/, (say) => say("why.notWhole")],
  [/^what went into it the time before is no longer known$/, (say) => say("why.unknown")],
  [/^nothing that goes into it changed, but what it gave was not kept or not to be used$/, (say) => say("why.nothing")],
  [/^runs each time: the node reads the outside world and is declared volatile$/, (say) => say("why.volatile")],
  [/^the node was (\S+)$/, (say, node) => say("why.otherNode", { node })],
  [/^the node's version (\S+ -> \S+)$/, (say, change) => say("why.otherCode", { change })],
];

/** A reason in the user's language; parts that are not known, such as values, stay as they are. */
export function reasonIn(say: Say, reason: string): string {
  return reason
    .split("; ")
    .map((part) => {
      for (const [pattern, words] of SAID) {
        const found = pattern.exec(part);
        if (found !== null) return words(say, found[1] ?? "");
      }
      return part;
    })
    .join("; ");
}
