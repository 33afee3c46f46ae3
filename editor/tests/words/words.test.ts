/** Every message is there in every language, with the same holes. */

import { describe, expect, test } from "vitest";

import { de } from "../../src/words/de.ts";
import { en } from "../../src/words/en.ts";
import { filled, sayIn } from "../../src/words/say.ts";

function holes(text: string): readonly string[] {
  return [...text.matchAll(/\{(\w+)/g)].map(([, name]) => name ?? "").sort();
}

test("English and German have the same keys", () => expect(Object.keys(de)).toEqual(Object.keys(en)));

describe("the holes are the same", () => {
  const english: Readonly<Record<string, string>> = en;
  test.each(Object.entries(de))("%s", (key, text) => expect(holes(text)).toEqual(holes(english[key] ?? "")));
});

test("holes are filled, and chosen by number", () => {
  expect(filled("{count|one node|# nodes} of {all}", { count: 1, all: 3 })).toBe("one node of 3");
  expect(filled("{count|one node|# nodes} of {all}", { count: 2, all: 3 })).toBe("2 nodes of 3");
});

test("what a user wrote is not taken for a hole", () => {
  expect(sayIn("en")("node.label", { name: "{state}", type: "<b>", state: "ready" })).toBe("{state}, <b>, ready");
});
