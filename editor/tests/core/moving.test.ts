/** Where an item of a list goes, and beside which other. */

import { expect, test } from "vitest";

import { beside, moved } from "../../src/core/moving.ts";

test.each([
  { from: 0, to: 2, gives: "bca", next: { side: "after", other: "c" } },
  { from: 2, to: 0, gives: "cab", next: { side: "before", other: "a" } },
  { from: 2, to: 1, gives: "acb", next: { side: "after", other: "a" } },
  { from: 1, to: 1, gives: "abc", next: undefined },
  { from: 7, to: 0, gives: "abc", next: undefined },
])("item $from put to $to gives $gives", ({ from, to, gives, next }) => {
  const items = ["a", "b", "c"];
  expect(moved(items, from, to).join("")).toBe(gives);
  expect(beside(items, from, to)).toEqual(next);
});

test("one alone stands beside nothing", () => expect(beside(["a"], 0, 1)).toBeUndefined());
