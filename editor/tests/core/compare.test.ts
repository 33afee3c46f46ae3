/** How two graphs are told apart. */

import { expect, test } from "vitest";

import { compare } from "../../src/core/compare.ts";
import { type Draft, readDraft } from "../../src/core/draft.ts";

function given(parameters: object): Draft {
  const read = readDraft(JSON.stringify({ format: 1, nodes: {}, parameters }));
  if (!read.isOk) throw new Error(JSON.stringify(read.faults));
  return read.value;
}

const SEED = { type: "integer", default: 7, help: "which" };
const differences = (before: object, after: object) => compare(given(before), given(after)).differences.map((one) => [one.name, one.before, one.after]);

test("of a parameter whose value alone differs the values are told, texts as they are read", () => {
  expect(differences({ seed: SEED }, { seed: { ...SEED, default: 8 } })).toEqual([["seed", "7", "8"]]);
  const prompt = { type: "text", default: "a boat" };
  expect(differences({ prompt }, { prompt: { ...prompt, default: "a tree" } })).toEqual([["prompt", "a boat", "a tree"]]);
});

test("of one that differs in more all of it is told", () => {
  const [[name, before, after] = []] = differences({ seed: SEED }, { seed: { ...SEED, default: 8, help: "another" } });
  expect([name, before?.includes("which"), after?.includes("another")]).toEqual(["seed", true, true]);
});

test("one that is new or gone is told against nothing", () => {
  expect(differences({}, { seed: SEED }).map(([name, before]) => [name, before])).toEqual([["seed", null]]);
  expect(differences({ seed: SEED }, {}).map(([name, , after]) => [name, after])).toEqual([["seed", null]]);
  expect(differences({ seed: SEED }, { seed: SEED })).toEqual([]);
});
