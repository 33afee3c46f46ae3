/** Graphs that differ in values at most are wired alike, have one typing, and the faults that a fresh look finds. */

import { describe, expect, test } from "vitest";

import { faultsOf } from "../../src/core/check.ts";
import type { Draft } from "../../src/core/draft.ts";
import { clearInput, setForEach, setInput, setParameter, setValue } from "../../src/core/edit/inputs.ts";
import { addNode, bypassNodes, moveNodes, renameNode, replaceType } from "../../src/core/edit/nodes.ts";
import { isWiredAlike, wired } from "../../src/core/graph.ts";
import { typingOf } from "../../src/core/typing.ts";
import { catalogue, draft } from "../fixtures.ts";

const GIVEN = draft(
  {
    load: { type: "t/load", inputs: { file: { value: "a.png" } } },
    cut: { type: "t/cut", inputs: { image: { wire: "load.image" } } },
    size: { type: "t/resize", inputs: { image: { wire: "cut.image" }, width: { value: 5 } } },
  },
  { results: { out: "size.image" } },
);
const PARAMETER = { type: "integer", help: "", unit: "", choices: [] };
const WIDTH = { node: "size", port: "width" };

const EDITS: Readonly<Record<string, readonly [boolean, (given: Draft) => Draft]>> = {
  "a value": [true, (given) => setValue(given, WIDTH, 7)],
  "a value of the wrong kind": [true, (given) => setValue(given, WIDTH, "wide")],
  "a place": [true, (given) => moveNodes(given, new Map([["cut", { x: 1, y: 2 }]]))],
  "a value less": [false, (given) => clearInput(given, WIDTH)],
  "a wire in place of a value": [false, (given) => setInput(given, WIDTH, wired("load", "image"))],
  "another wire": [false, (given) => setInput(given, { node: "size", port: "image" }, wired("load", "image"))],
  "a wire that closes a circle": [false, (given) => setInput(given, { node: "cut", port: "image" }, wired("size", "image"))],
  "a bypass": [false, (given) => bypassNodes(given, new Set(["cut"]), true)],
  "a loop": [false, (given) => setForEach(given, "size", ["width"])],
  "another type": [false, (given) => replaceType(given, "cut", "t/unknown")],
  "another name": [false, (given) => renameNode(given, "cut", "out")],
  "a node more": [false, (given) => addNode(given, "t/cut", { x: 0, y: 0 }).draft],
  "a parameter": [false, (given) => setParameter(given, "p", PARAMETER)],
};

describe("what was found of a graph is used again only where it holds", () => {
  test.each(Object.entries(EDITS))("%s", (_, [isAlike, change]) => {
    const after = change(GIVEN).graph;
    expect(isWiredAlike(GIVEN.graph, after)).toBe(isAlike);
    const typing = typingOf(GIVEN.graph, catalogue());
    faultsOf(GIVEN.graph, catalogue(), typing);
    const fresh = typingOf(after, catalogue());
    if (isAlike) expect(typing).toEqual(fresh);
    const found = faultsOf(after, catalogue(), isAlike ? typing : fresh);
    expect(found).toEqual(faultsOf(structuredCopy(change(GIVEN)), catalogue(), typingOf(after, catalogue())));
  });
});

/** The same graph of other objects, of which nothing is remembered. */
function structuredCopy({ graph }: Draft): Draft["graph"] {
  return { ...graph, nodes: new Map([...graph.nodes].map(([name, node]) => [name, { ...node }])) };
}
