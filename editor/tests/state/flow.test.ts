/** What is handed to React Flow: the same objects for what did not change. */

import { expect, test } from "vitest";

import { FlowMaker, FRAME, handleOf, REROUTE } from "../../src/canvas/flow.ts";
import { detailAt, type Views, views } from "../../src/state/views.ts";
import { moveNodes } from "../../src/core/edit/nodes.ts";
import { addReroute, frameNodes } from "../../src/core/edit/notes.ts";
import type { Draft } from "../../src/core/draft.ts";
import { connect, setValue } from "../../src/core/edit/inputs.ts";
import { draft, graph, sceneOf, typesIn } from "../fixtures.ts";

const GIVEN = graph({ a: "load", b: "cut image=a.value", c: "resize image=b.image" }, { view: { a: [0, 0], b: [300, 0], c: [600, 0] } });
const state = (change: Partial<Views> = {}): Views => ({ ...views.getState(), ...change });

test("a node that moved is new, the others are the same", () => {
  const maker = new FlowMaker();
  const before = maker.nodesOf(GIVEN, typesIn(GIVEN), state());
  const after = maker.nodesOf(moveNodes(GIVEN, new Map([["b", { x: 310, y: 5 }]])), typesIn(GIVEN), state());
  expect(after.map((node, at) => node === before[at])).toEqual([true, false, true]);
});

test("typing a value makes nothing anew", () => {
  const maker = new FlowMaker();
  const [nodes, edges] = [maker.nodesOf(GIVEN, typesIn(GIVEN), state()), maker.edgesOf(GIVEN, typesIn(GIVEN), state())];
  const typed = setValue(GIVEN, { node: "c", port: "width" }, 7);
  expect(maker.nodesOf(typed, typesIn(typed), state()).every((node, at) => node === nodes[at])).toBe(true);
  expect(maker.edgesOf(typed, typesIn(typed), state()).every((edge, at) => edge === edges[at])).toBe(true);
});

test("sizes and ports are known beforehand, so that nothing is measured", () => {
  for (const node of new FlowMaker().nodesOf(GIVEN, typesIn(GIVEN), state())) {
    expect(node.measured).toEqual({ width: node.width, height: node.height });
    expect(node.handles?.length).toBeGreaterThan(0);
  }
});

test("the node with the keyboard is kept mounted", () => {
  const nodes = new FlowMaker().nodesOf(GIVEN, typesIn(GIVEN), state({ focused: "b" }));
  expect(nodes.map((node) => node.dragging)).toEqual([false, true, false]);
});

test("frames lie below the nodes that they hold, reroutes above", () => {
  const given = addReroute(frameNodes(GIVEN, new Set(["a", "b"]), "F").draft, "b.image", 0, { x: 280, y: 40 });
  const nodes = new FlowMaker().nodesOf(given, typesIn(given), state());
  expect(nodes.map((node) => [node.id, node.zIndex])).toEqual([[`${FRAME}frame`, -2], ["a", 1], ["b", 1], ["c", 1], [`${REROUTE}b.image#0`, 2000]]);
});

test("a wire to a port that is not there is not drawn, and stays in the document", () => {
  const given = draft({ a: { type: "t/load" }, b: { type: "t/cut", inputs: { nothing: { wire: "a.value" }, image: { wire: "a.value" } } } });
  const edges = new FlowMaker().edgesOf(given, typesIn(given), state());
  expect(edges.map((edge) => [edge.id, edge.sourceHandle, edge.targetHandle])).toEqual([["b.image", handleOf("out", "value"), handleOf("in", "image")]]);
});

test("a node of an unknown type shows the ports that the graph knows of", () => {
  const given = draft({ a: { type: "t/gone", inputs: { size: 3 } }, b: { type: "t/cut", inputs: { image: { wire: "a.picture" } } } });
  const typeOf = typesIn(given);
  expect(typeOf("a").inputs.map((port) => port.name)).toEqual(["size"]);
});

test("an advanced input is a port of its node while something comes into it", () => {
  const maker = new FlowMaker();
  const handlesIn = (given: Draft) => maker.nodesOf(given, typesIn(given), state()).find((node) => node.id === "b")?.handles?.map(({ id }) => id) ?? [];
  const bare = graph({ a: "load", m: "cut image=a.value", b: "inflate image=a.value cells=64" });
  const wired = connect(bare, sceneOf(bare), { from: { node: "m", port: "mask" }, to: { node: "b", port: "mask" } });
  expect(handlesIn(bare)).toEqual(["in:image", "in:height", "in:color", "out:value"]);
  expect(handlesIn(wired)).toContain("in:mask");
  expect(maker.edgesOf(wired, typesIn(wired), state()).map((edge) => edge.id)).toContain("b.mask");
  expect(handlesIn(bare)).not.toContain("in:mask");
  expect(wired.graph.nodes.get("b")?.inputs.get("cells")).toEqual({ kind: "value", value: 64 });
});

test.each([
  [1, "full", "full"], [0.54, "full", "simple"], [0.56, "simple", "simple"], [0.58, "simple", "full"],
  [0.39, "simple", "overview"], [0.41, "overview", "overview"], [0.43, "overview", "simple"], [0.1, "full", "overview"],
] as const)("at a zoom of %s, %s becomes %s in a large graph", (zoom, now, next) => {
  expect(detailAt(zoom, now, 41)).toBe(next);
});

test.each([
  [0.31, "full", "full"], [0.29, "full", "simple"], [0.33, "simple", "full"], [0.24, "simple", "overview"], [0.28, "overview", "simple"],
] as const)("at a zoom of %s, %s becomes %s in a small graph", (zoom, now, next) => {
  expect(detailAt(zoom, now, 40)).toBe(next);
});
