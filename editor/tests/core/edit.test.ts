/** Every edit gives a new draft, and leaves the old one as it was. */

import { describe, expect, test } from "vitest";

import { connect, clearInput, makeParameter, removeParameter, setValue, toggleResult } from "../../src/core/edit/inputs.ts";
import { addNode, bypassNodes, deleteNodes, mayRename, renameNode } from "../../src/core/edit/nodes.ts";
import { addReroute, dissolveFrames, frameNodes, framesOf, intoFrame } from "../../src/core/edit/notes.ts";
import { align, ALIGNMENTS, distribute } from "../../src/core/edit/arrange.ts";
import { insertOnWire } from "../../src/core/edit/insert.ts";
import { draftText } from "../../src/core/draft.ts";
import { fitOf } from "../../src/core/connect.ts";
import { documentDigest } from "../../src/core/graphWrite.ts";
import { rectOf } from "../../src/core/geometry.ts";
import { sayIn, sayThat } from "../../src/words/say.ts";
import type { Draft } from "../../src/core/draft.ts";
import { catalogue, draft, graph, sceneOf, typesIn } from "../fixtures.ts";

const CHAIN = graph(
  { a: "load", b: "cut image=a.value", c: "resize image=b.image width=64", d: "inflate image=c.value" },
  { results: { mesh: "d.value" }, view: { a: [0, 0], b: [300, 40], c: [600, 0], d: [900, 10], $frames: { f: { title: "F", nodes: ["b", "c"] } } } },
);

function inputs(given: Draft, name: string): unknown {
  return Object.fromEntries(
    [...(given.graph.nodes.get(name)?.inputs ?? [])].map(([port, input]) => [
      port,
      input.kind === "wire" ? `${input.wire.node}.${input.wire.port}` : input.kind === "param" ? `$${input.name}` : input.value,
    ]),
  );
}

describe("refusals", () => {
  const CASES = [
    ["a node into itself would create a loop", "b.image", "b.image", "would create a loop"],
    ["a wire back would create a loop", "i.value", "b.image", "would create a loop"],
    ["a wire back over two nodes would create a loop", "i.value", "a.file", "would create a loop"],
    ["a mask does not fit an image", "b.mask", "i.image", "mask does not fit image"],
    ["texts do not fit an image", "p.value", "b.image", "list[text] does not fit image"],
    ["there is no such input", "a.value", "b.nothing", "there is no input nothing"],
    ["there is no such output", "a.nothing", "b.image", "nothing is known of the output nothing"],
    ["an image fits", "a.value", "i.image", "plain"],
    ["a list of texts fits a text, one by one", "p.value", "a.file", "each"],
    ["a list of texts fits a prompt, one by one", "p.value", "q.prompt", "each"],
  ] as const;
  const scene = sceneOf(graph({ a: "load", b: "cut image=a.value", p: 'plan prompt="x"', q: "plan", i: "inflate image=b.image" }));
  test.each(CASES)("%s", (_, from, to, words) => {
    const [fromNode = "", fromPort = ""] = from.split(".");
    const [toNode = "", toPort = ""] = to.split(".");
    const fit = fitOf(scene, { node: fromNode, port: fromPort }, { node: toNode, port: toPort });
    expect(fit.kind === "refused" ? sayThat("en", fit.said) : fit.kind).toBe(words);
  });
  test("the same is said in German", () => {
    expect(sayIn("de")("refuse.loop")).toBe("würde einen Kreis schließen");
  });
});

describe("wires", () => {
  test("a second wire into an input takes the place of the first, and its reroutes go", () => {
    const given = addReroute(graph({ a: "load", b: "load", c: "cut image=a.value" }), "c.image", 0, { x: 5, y: 5 });
    const after = connect(given, sceneOf(given), { from: { node: "b", port: "value" }, to: { node: "c", port: "image" } });
    expect(inputs(after, "c")).toEqual({ image: "b.value" });
    expect([given.view.reroutes.size, after.view.reroutes.size]).toEqual([1, 0]);
  });
  test("a list makes a node run for each, and one value ends that", () => {
    const given = graph({ p: 'plan prompt="x"', k: "pick items=p.value", q: "plan" });
    const each = connect(given, sceneOf(given), { from: { node: "p", port: "value" }, to: { node: "q", port: "prompt" } });
    expect(each.graph.nodes.get("q")?.forEach).toEqual(["prompt"]);
    const one = connect(each, sceneOf(each), { from: { node: "k", port: "value" }, to: { node: "q", port: "prompt" } });
    expect(one.graph.nodes.get("q")?.forEach).toEqual([]);
    expect(clearInput(each, { node: "q", port: "prompt" }).graph.nodes.get("q")?.forEach).toEqual([]);
  });
  test("a refused wire changes nothing", () => {
    expect(connect(CHAIN, sceneOf(CHAIN), { from: { node: "d", port: "value" }, to: { node: "a", port: "file" } })).toBe(CHAIN);
  });
  test("a reroute changes nothing of what is run", () => {
    const after = addReroute(CHAIN, "c.image", 0, { x: 450, y: 90 });
    expect(documentDigest(after.graph)).toBe(documentDigest(CHAIN.graph));
    expect(draftText(after)).toContain('"$reroutes"');
  });
});

describe("nodes", () => {
  test("a new node has a free name and stands where it was put", () => {
    const once = addNode(CHAIN, "t/load", { x: 10, y: 20 });
    const twice = addNode(once.draft, "t/load", { x: 10, y: 20 });
    expect([once.name, twice.name]).toEqual(["load", "load_2"]);
    expect(twice.draft.view.places.get("load_2")).toMatchObject({ x: 10, y: 20 });
  });
  test("a deleted node takes its wires, results and places with it", () => {
    const after = deleteNodes(CHAIN, new Set(["b", "d"]));
    expect([...after.graph.nodes.keys()]).toEqual(["a", "c"]);
    expect(inputs(after, "c")).toEqual({ width: 64 });
    expect(after.graph.results.size).toBe(0);
    expect([...after.view.places.keys()]).toEqual(["a", "c"]);
    expect(after.view.frames.get("f")?.members).toEqual(["c"]);
    expect(deleteNodes(after, new Set(["c"])).view.frames.size).toBe(0);
  });
  test("a renamed node is followed by wires, results, frames and places", () => {
    const after = renameNode(renameNode(CHAIN, "d", "boat"), "b", "outline");
    expect(inputs(after, "c")).toEqual({ image: "outline.image", width: 64 });
    expect(after.graph.results.get("mesh")).toEqual({ node: "boat", port: "value" });
    expect(after.view.frames.get("f")?.members).toEqual(["outline", "c"]);
    expect([...after.graph.nodes.keys()]).toEqual(["a", "outline", "c", "boat"]);
  });
  test.each([["b", "yes"], ["e", "yes"], ["a", "taken"], ["1a", "noName"], ["a b", "noName"], ["", "noName"], ["Häuser", "yes"]] as const)(
    "b may be called %s: %s",
    (to, answer) => expect(mayRename(CHAIN, "b", to)).toBe(answer),
  );
  test("bypass is written into the document", () => {
    const after = bypassNodes(CHAIN, ["b"], true);
    expect(draftText(after)).toContain('"bypass": true');
    expect(documentDigest(bypassNodes(after, ["b"], false).graph)).toBe(documentDigest(CHAIN.graph));
  });
});

describe("parameters and results", () => {
  test("a value becomes a parameter with its type and bounds, and back", () => {
    const port = catalogue().nodes.get("t/resize")?.inputs.find((one) => one.name === "width");
    if (port === undefined) throw new Error("no port");
    const { draft: after, name } = makeParameter(CHAIN, { node: "c", port: "width" }, port);
    expect(after.graph.parameters.get(name)).toMatchObject({ type: "integer", default: 64, minimum: 1, maximum: 16384, unit: "px" });
    expect(inputs(after, "c")).toEqual({ image: "b.image", width: "$width" });
    expect(documentDigest(removeParameter(after, name).graph)).toBe(documentDigest(CHAIN.graph));
  });
  test("an output becomes a result and is none again", () => {
    const after = toggleResult(CHAIN, { node: "b", port: "mask" });
    expect(after.graph.results.get("mask")).toEqual({ node: "b", port: "mask" });
    expect(documentDigest(toggleResult(after, { node: "b", port: "mask" }).graph)).toBe(documentDigest(CHAIN.graph));
  });
});

describe("frames", () => {
  test("a node is in one frame at a time", () => {
    const { draft: after, id } = frameNodes(CHAIN, new Set(["c", "d"]), "G");
    expect(after.view.frames.get(id)?.members).toEqual(["c", "d"]);
    expect(after.view.frames.get("f")?.members).toEqual(["b"]);
    expect(intoFrame(after, id, new Set(["b"])).view.frames.has("f")).toBe(false);
    expect([...framesOf(after, new Set(["b"]))]).toEqual(["f"]);
    expect([...dissolveFrames(after, new Set([id])).view.frames.keys()]).toEqual(["f"]);
  });
  test("frames are no part of what is run", () => {
    expect(documentDigest(frameNodes(CHAIN, new Set(["a"]), "").draft.graph)).toBe(documentDigest(CHAIN.graph));
  });
});

describe("a node dropped on a wire", () => {
  const link = { from: { node: "a", port: "value" }, to: { node: "b", port: "image" } };
  test("goes in between where its ports fit", () => {
    const given = addNode(CHAIN, "t/resize", { x: 0, y: 0 }).draft;
    const after = insertOnWire(given, sceneOf(given), "resize", link);
    expect(after && [inputs(after, "resize"), inputs(after, "b")]).toEqual([{ image: "a.value" }, { image: "resize.value" }]);
  });
  test.each(["t/plan", "t/inflate"])("is left alone where they do not: %s", (type) => {
    const given = addNode(CHAIN, type, { x: 0, y: 0 });
    expect(insertOnWire(given.draft, sceneOf(given.draft), given.name, link)).toBeUndefined();
  });
});

describe("align and distribute", () => {
  const given = draft(
    { a: { type: "t/load" }, b: { type: "t/cut" }, c: { type: "t/plan" } },
    { view: { a: [3, 7], b: { at: [500, 90], collapsed: true }, c: [120, 400] } },
  );
  const names = ["a", "b", "c"];
  test.each(ALIGNMENTS)("%s gives equal coordinates, also for collapsed nodes", (alignment) => {
    const after = align(given, typesIn(given), names, alignment);
    const edges = names.map((name) => {
      const { x, y, width, height } = rectOf(after, typesIn(given), name);
      return { left: x, center: x + width / 2, right: x + width, top: y, middle: y + height / 2, bottom: y + height }[alignment];
    });
    expect(new Set(edges).size).toBe(1);
  });
  test.each(["x", "y"] as const)("distributing along %s gives equal gaps", (axis) => {
    const after = distribute(given, typesIn(given), names, axis);
    const rects = names.map((name) => rectOf(after, typesIn(given), name)).sort((a, b) => a[axis] - b[axis]);
    const gaps = rects.slice(1).map((rect, at) => {
      const before = rects[at];
      return rect[axis] - ((before?.[axis] ?? 0) + (before?.[axis === "x" ? "width" : "height"] ?? 0));
    });
    expect(gaps[0]).toBeCloseTo(gaps[1] ?? NaN);
  });
});

test("a value that is set is written as a value", () => {
  expect(inputs(setValue(CHAIN, { node: "c", port: "width" }, 8), "c")).toEqual({ image: "b.image", width: 8 });
});
