/** Names of nodes, parameters and results: readable words, as the engine takes them. */

const NAME = /^(?!__)[\p{L}\p{Nl}\p{No}_][\p{L}\p{N}_-]{0,99}$/u;

/** Whether a text may be a name: a letter, then letters, digits, `_` and `-`. */
export function isName(text: string): boolean {
  return NAME.test(text) && text.normalize("NFC") === text;
}

/** A name that is not taken yet: the word itself, or with the first free number behind it. */
export function freshName(word: string, isTaken: (name: string) => boolean): string {
  const stem = stemOf(word);
  if (!isTaken(stem)) return stem;
  const bare = stem.replace(/_?\d+$/, "") || stem;
  for (let number = 2; ; number += 1) {
    const name = `${bare.slice(0, 90)}_${number}`;
    if (!isTaken(name)) return name;
  }
}

function stemOf(word: string): string {
  const last = word.slice(word.lastIndexOf("/") + 1).normalize("NFC");
  const clean = last.replace(/[^\p{L}\p{N}_-]+/gu, "_").replace(/^[^\p{L}]+/u, "").slice(0, 90);
  return clean === "" || !isName(clean) ? "node" : clean;
}

/** Words that are written in capitals. */
const CAPITALS: ReadonlySet<string> = new Set(["sdxl"]);

/** An identifier as a title for people: `make_object` becomes `Make object`. */
export function titleOf(identifier: string): string {
  const words = identifier.slice(identifier.lastIndexOf("/") + 1).replaceAll(/[_-]+/g, " ").trim().replace(/^\w+/, (word) => (CAPITALS.has(word) ? word.toUpperCase() : word));
  return words.charAt(0).toUpperCase() + words.slice(1);
}
