/** Graphs within graphs: the way into them, what steps within them are called, what they are made of. */

import { expect, test } from "vitest";

import { flattened, madeWithin } from "../../src/core/flat.ts";
import { linksOf } from "../../src/core/graph.ts";
import { loopsOf, pathText, prefixOf, readPath, stepWithin, usesIn, wayTo } from "../../src/core/levels.ts";
import { draft } from "../fixtures.ts";

const wire = (text: string) => ({ wire: text });
const LAMP = draft(
  { paint: { type: "t/paint", inputs: { side: { param: "side" } } }, glow: { type: "t/glow", inputs: { image: wire("paint.value") } } },
  { parameters: { side: { type: "integer", default: 3 } }, results: { image: wire("glow.value").wire } },
);
const ROW = draft(
  { left: { type: "graph/lamp", inputs: { side: 1 } }, right: { type: "graph/lamp", inputs: { side: { param: "size" } } }, both: { type: "t/both", inputs: { a: wire("left.image"), b: wire("right.image") } } },
  { parameters: { size: { type: "integer" } }, results: { picture: "both.value" } },
);
const SCENE = draft({
  number: { type: "t/number" },
  row: { type: "graph/row", inputs: { size: wire("number.value") } },
  each: { type: "graph/lamp", inputs: { side: wire("number.value") }, for_each: ["side"] },
  end: { type: "t/glow", inputs: { image: wire("row.picture") } },
});
const SAVED = new Map([["lamp", LAMP], ["row", ROW]]);

test.each([
  ["", []],
  ["row", [{ node: "row", item: null }]],
  ["rows[12]/left", [{ node: "rows", item: 12 }, { node: "left", item: null }]],
])("the way %o is read as it is written", (text, path) => {
  expect(readPath(text)).toEqual(path);
  expect(pathText(path)).toBe(text);
});

test.each(["row//left", "row/[2]", "row/a[x]", "row/a[1]b"])("of the way %o what can be read is kept", (text) => {
  expect(pathText(readPath(text))).toBe("row");
});

test("a step is named from where one is, and belongs to none elsewhere", () => {
  const prefix = prefixOf(readPath("rows[1]/left"));
  expect(["rows[1]/left/glow", "rows[1]/left/inner/x", "rows[12]/left/glow", "rows[1]/left", "end"].map((step) => stepWithin(step, prefix))).toEqual(["glow", "inner/x", undefined, undefined, undefined]);
  expect(stepWithin("row/glow", prefixOf([]))).toBe("row/glow");
  expect(["end", "row/glow", "a[1]/b[2]/c"].map((step) => pathText(wayTo(step)))).toEqual(["", "row", "a[1]/b[2]"]);
});

test("a step tells the loops that it lies in, and for which of their items", () => {
  expect(loopsOf("a[1]/b/c[22]/d")).toEqual([["a", 1], ["a[1]/b/c", 22]]);
  expect(loopsOf("a[1]")).toEqual([]);
});

test("all nodes that stand for a saved graph are counted, in each graph once", () => {
  expect([...usesIn(SCENE.graph, SAVED)]).toEqual(expect.arrayContaining([["row", 1], ["lamp", 3]]));
  expect(usesIn(SCENE.graph, SAVED).size).toBe(2);
});

test("a graph is opened as a run opens it: wires go through, loops stay one node", () => {
  const flat = flattened(SCENE.graph, SAVED);
  expect([...flat.nodes.keys()].toSorted()).toEqual(["each", "end", "number", "row/both", "row/left/glow", "row/left/paint", "row/right/glow", "row/right/paint"]);
  const wires = [...linksOf(flat)].map(({ from, to }) => `${from.node} > ${to.node}`);
  expect(wires.toSorted()).toEqual([
    "number > each", "number > row/right/paint", "row/both > end", "row/left/glow > row/both", "row/left/paint > row/left/glow", "row/right/glow > row/both", "row/right/paint > row/right/glow",
  ]);
});

test("what a node hands on of what lies within it is known by its step", () => {
  const made = (node: string, port: string) => madeWithin(SCENE.graph, SAVED, { node, port });
  expect(made("row", "picture")).toEqual({ node: "row/both", port: "value" });
  expect(madeWithin(ROW.graph, SAVED, { node: "left", port: "image" })).toEqual({ node: "left/glow", port: "value" });
  expect([made("row", "gone"), made("number", "value"), made("each", "image")]).toEqual([undefined, undefined, undefined]);
});

test("a graph within itself is opened no deeper than any can be", () => {
  const round = draft({ again: { type: "graph/round" } });
  expect([...flattened(round.graph, new Map([["round", round]])).nodes.keys()]).toHaveLength(1);
});
