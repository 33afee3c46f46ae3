/** Copied nodes, sub-graphs, and the ways back. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { copied, pasted, readCopied } from "../../src/core/clipboard.ts";
import { SAVED, savedType } from "../../src/core/catalogue.ts";
import { type Draft, draftText, EMPTY_DRAFT } from "../../src/core/draft.ts";
import { packNodes, outputsOfSaved, unpackNode } from "../../src/core/edit/subgraph.ts";
import { faultsOf } from "../../src/core/check.ts";
import { documentDigest } from "../../src/core/graphWrite.ts";
import { typingOf } from "../../src/core/typing.ts";
import { catalogue, draftIn, graph, templates } from "../fixtures.ts";

const GIVEN = graph(
  { a: "load", b: "cut image=a.value tolerance=3.5", c: "resize image=b.image width=$n", d: "inflate image=c.value", e: "resize image=b.image" },
  { parameters: { n: { type: "integer", default: 3 } }, results: { mesh: "d.value", mask: "b.mask" }, view: { a: [0, 0], b: [300, 40], c: [600, 0], d: [900, 10] } },
);

function paste(into: Draft, text: string, keepsOutside = false): ReturnType<typeof pasted> {
  const copy = readCopied(text);
  if (copy === undefined) throw new Error("nothing was copied");
  return pasted(into, copy, { x: 1000, y: 500 }, keepsOutside);
}

describe("copy and paste", () => {
  test("the clipboard holds a readable graph document", () => {
    const text = copied(GIVEN, new Set(["b", "c"]));
    expect(text).toContain('"type": "t/cut"');
    expect(draftText(draftIn(text))).toBe(text);
  });
  test("inner wires and values come along under fresh names, wires from outside do not", () => {
    const { draft, names } = paste(GIVEN, copied(GIVEN, new Set(["b", "c"])));
    expect([...names]).toEqual(["b_2", "c_2"]);
    expect(draft.graph.nodes.get("c_2")?.inputs.get("image")).toEqual({ kind: "wire", wire: { node: "b_2", port: "image" } });
    expect(draft.graph.nodes.get("b_2")?.inputs.get("tolerance")).toEqual({ kind: "value", value: 3.5 });
    expect(draft.graph.nodes.get("b_2")?.inputs.has("image")).toBe(false);
    expect(draft.view.places.get("b_2")).toMatchObject({ x: 1000, y: 540 });
  });
  test("with wires from outside, where the source is there", () => {
    const text = copied(GIVEN, new Set(["b", "c"]));
    const there = paste(GIVEN, text, true).draft;
    expect(there.graph.nodes.get("b_2")?.inputs.get("image")).toEqual({ kind: "wire", wire: { node: "a", port: "value" } });
    expect(paste(EMPTY_DRAFT, text, true).draft.graph.nodes.get("b")?.inputs.has("image")).toBe(false);
  });
  test("parameters come along, and a different one of the same name is not taken for it", () => {
    const text = copied(GIVEN, new Set(["c"]));
    expect([...paste(EMPTY_DRAFT, text).draft.graph.parameters.keys()]).toEqual(["n"]);
    expect([...paste(GIVEN, text).draft.graph.parameters.keys()]).toEqual(["n"]);
    const other = graph({}, { parameters: { n: { type: "text" } } });
    const { draft } = paste(other, text);
    expect(draft.graph.nodes.get("c")?.inputs.get("width")).toEqual({ kind: "param", name: "n_2" });
  });
  test.each(["", "a prompt", "{", "{}", '{"format": 1, "nodes": {}}', '{"format": 99, "nodes": {"a": {"type": "x"}}}'])("%j is not pasted as nodes", (text) =>
    expect(readCopied(text)).toBeUndefined(),
  );
  test("pasting into an empty graph and copying all gives the same text", () => {
    const all = new Set(GIVEN.graph.nodes.keys());
    const text = copied(GIVEN, all);
    const first = paste(EMPTY_DRAFT, text).draft;
    expect(documentDigest(first.graph)).toBe(documentDigest(draftIn(text).graph));
  });
});

describe("sub-graphs", () => {
  test("what crosses the border becomes parameters and results", () => {
    const { outer, inner, name } = packNodes(GIVEN, catalogue(), new Set(["b", "c"]), "outline");
    expect(name).toBe("outline");
    expect([...inner.graph.parameters].map(([one, { type }]) => [one, type])).toEqual([["image", "image"], ["n", "integer"]]);
    expect([...inner.graph.results.values()].map((wire) => `${wire.node}.${wire.port}`)).toEqual(["c.value", "b.image", "b.mask"]);
    expect(outer.graph.nodes.get("outline")?.type).toBe(`${SAVED}outline`);
    expect([...outer.graph.nodes.keys()]).toEqual(["a", "outline", "d", "e"]);
  });
  test("the node has the types of what it stands for, and the graph no faults", () => {
    const known = catalogue();
    const { outer, inner } = packNodes(GIVEN, known, new Set(["b", "c"]), "outline");
    const type = savedType("outline", inner.graph, outputsOfSaved(inner.graph, known));
    const wider = { ...known, nodes: new Map(known.nodes).set(type.id, type) };
    expect(faultsOf(outer.graph, wider, typingOf(outer.graph, wider)).size).toBe(0);
    expect(faultsOf(inner.graph, known, typingOf(inner.graph, known)).size).toBe(0);
  });
  test("unpacked, the document has the same digest as before", () => {
    fc.assert(
      fc.property(fc.subarray([...GIVEN.graph.nodes.keys()], { minLength: 1 }), (names) => {
        const { outer, inner, name } = packNodes(GIVEN, catalogue(), new Set(names), "part");
        const back = unpackNode(outer, name, inner);
        expect(back && documentDigest(back.draft.graph)).toBe(documentDigest(GIVEN.graph));
      }),
      { seed: 7 },
    );
  });
  test("the same holds for any part of a template", () => {
    for (const [, text] of templates()) {
      const whole = draftIn(text);
      fc.assert(
        fc.property(fc.subarray([...whole.graph.nodes.keys()], { minLength: 1 }), (names) => {
          const { outer, inner, name } = packNodes(whole, catalogue(), new Set(names), "part");
          const back = unpackNode(outer, name, draftIn(draftText(inner)));
          expect(back && documentDigest(back.draft.graph)).toBe(documentDigest(whole.graph));
        }),
        { numRuns: 20, seed: 7 },
      );
    }
  });
  test("a loop over a graph is not unpacked: its nodes could not say the same", () => {
    const { outer, inner, name } = packNodes(GIVEN, catalogue(), new Set(["b"]), "part");
    const node = outer.graph.nodes.get(name);
    if (node === undefined) throw new Error("no node");
    const looped = { ...outer, graph: { ...outer.graph, nodes: new Map(outer.graph.nodes).set(name, { ...node, forEach: ["image"] }) } };
    expect(unpackNode(looped, name, inner)).toBeUndefined();
  });
});
