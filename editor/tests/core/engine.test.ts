/** The core against what the engine answered: tests/vectors is written by it. */

import * as v from "valibot";
import { describe, expect, test } from "vitest";

import { readCatalogue } from "../../src/core/catalogue.ts";
import { faultsOf } from "../../src/core/check.ts";
import { draftText } from "../../src/core/draft.ts";
import { readGraph } from "../../src/core/graphRead.ts";
import { documentDigest, documentText } from "../../src/core/graphWrite.ts";
import { readJson } from "../../src/core/jsonRead.ts";
import { canonical, pretty } from "../../src/core/jsonWrite.ts";
import { fits, isType } from "../../src/core/types.ts";
import { typingOf } from "../../src/core/typing.ts";
import { draftIn, templates, vector } from "../fixtures.ts";

const NUMBERS = v.parse(v.array(v.object({ text: v.string(), canonical: v.string(), file: v.string() })), vector("numbers"));
const TYPES = v.parse(
  v.object({
    table: v.record(v.string(), v.array(v.string())),
    types: v.array(v.string()),
    fits: v.array(v.array(v.string())),
    isType: v.record(v.string(), v.boolean()),
  }),
  vector("types"),
);
const DOCUMENTS = v.parse(v.record(v.string(), v.object({ given: v.string(), text: v.string(), digest: v.string() })), vector("documents"));
const PLACE = v.tuple([v.string(), v.string()]);
const REFUSED = v.parse(v.record(v.string(), v.object({ text: v.string(), faults: v.array(PLACE) })), vector("refused"));
const CHECKS = v.parse(
  v.object({
    catalogue: v.unknown(),
    checks: v.record(
      v.string(),
      v.object({ graph: v.string(), types: v.record(v.string(), v.record(v.string(), v.string())), faults: v.array(PLACE) }),
    ),
  }),
  vector("checks"),
);

describe("numbers are written as the engine writes them", () => {
  test.each(NUMBERS)("$text", ({ text, canonical: hashed, file }) => {
    const read = readJson(text);
    if (!read.isOk) throw new Error(text);
    expect([canonical(read.value), pretty(read.value)]).toEqual([hashed, file]);
  });
});

describe("what fits what", () => {
  const table = new Map(Object.entries(TYPES.table).map(([name, words]) => [name, new Set(words)]));
  test.each(TYPES.types.map((given, at) => [given, TYPES.fits[at]] as const))("%s fits as the engine says", (given, fitting) => {
    expect(TYPES.types.filter((wanted) => fits(table, given, wanted))).toEqual(fitting);
  });
  test("what is written as a type", () => {
    expect(Object.fromEntries(Object.keys(TYPES.isType).map((text) => [text, isType(text)]))).toEqual(TYPES.isType);
  });
});

describe("documents", () => {
  test.each(Object.entries(DOCUMENTS))("%s: text and digest are the engine's", (_, { given, text, digest }) => {
    const read = readGraph(given);
    if (!read.isOk) throw new Error(JSON.stringify(read.faults));
    expect(documentText(read.value.graph, read.value.view)).toBe(text);
    expect(documentDigest(read.value.graph)).toBe(digest);
    expect(documentDigest(draftIn(text).graph)).toBe(digest);
  });
  test.each(templates())("the template %s is written as it was read", (_, text) => {
    expect(draftText(draftIn(text))).toBe(text);
  });
});

describe("documents that are no graphs", () => {
  test.each(Object.entries(REFUSED))("%s", (_, { text, faults }) => {
    const read = readGraph(text);
    expect(read.isOk ? [] : read.faults.map((fault) => [fault.code, fault.at]).sort()).toEqual(faults.toSorted());
  });
});

describe("checks", () => {
  const catalogue = readCatalogue(CHECKS.catalogue);
  test.each(Object.entries(CHECKS.checks))("%s", (_, { graph, types, faults }) => {
    const draft = draftIn(graph);
    const typing = typingOf(draft.graph, catalogue);
    expect(Object.fromEntries([...typing].map(([name, outputs]) => [name, Object.fromEntries(outputs)]))).toEqual(types);
    const found = [...faultsOf(draft.graph, catalogue, typing).values()].flat().map((fault) => [fault.code, fault.at]);
    // The engine names one node of a circle, the editor marks them all.
    const isCircle = ([code]: readonly string[]) => code === "G107";
    expect(found.filter((fault) => !isCircle(fault)).sort()).toEqual(faults.filter((fault) => !isCircle(fault)).sort());
    expect(found.some(isCircle)).toBe(faults.some(isCircle));
  });
});
