/** Drafts are the same as documents: what they are made of may be, their digest is what counts. */

import { describe, expect, test } from "vitest";

import { type Draft, draftJson, draftText, EMPTY_DRAFT, readDraft } from "../../src/core/draft.ts";
import { setInput, setValue } from "../../src/core/edit/inputs.ts";
import { addNode, bypassNodes, deleteNodes, moveNodes } from "../../src/core/edit/nodes.ts";
import { frameNodes } from "../../src/core/edit/notes.ts";
import { type GraphNode, wired } from "../../src/core/graph.ts";
import { Float } from "../../src/core/json.ts";
import { canonical } from "../../src/core/jsonWrite.ts";
import { isSameDraft, sharing } from "../../src/core/sameDraft.ts";

const AT = { x: 10, y: 20 };

function started(): Draft {
  const two = addNode(addNode(EMPTY_DRAFT, "t/load", AT).draft, "t/cut", AT).draft;
  return setValue(setInput(two, { node: "cut", port: "image" }, wired("load", "image")), { node: "cut", port: "x" }, 1);
}

const EDITS: Readonly<Record<string, (draft: Draft) => Draft>> = {
  "a value": (draft) => setValue(draft, { node: "cut", port: "x" }, 2),
  "a whole float in place of an integer": (draft) => setValue(draft, { node: "cut", port: "x" }, new Float(1)),
  "a list": (draft) => setValue(draft, { node: "cut", port: "x" }, [1, new Map([["a", 1]])]),
  "a bypass": (draft) => bypassNodes(draft, new Set(["cut"]), true),
  "a place": (draft) => moveNodes(draft, new Map([["cut", { x: 5, y: 5 }]])),
  "a frame": (draft) => frameNodes(draft, new Set(["cut"]), "Frame").draft,
  "a node less": (draft) => deleteNodes(draft, new Set(["load"])),
  "a title": (draft) => ({ ...draft, graph: { ...draft.graph, title: "Other" } }),
  "nothing": (draft) => ({ graph: { ...draft.graph, nodes: new Map([...draft.graph.nodes].reverse()) }, view: draft.view }),
};

function isSameNode(node: GraphNode, other: GraphNode): boolean {
  const [a, b] = [node, other].map((one) => canonical(draftJson({ ...EMPTY_DRAFT, graph: { ...EMPTY_DRAFT.graph, nodes: new Map([["a", one]]) } })));
  return a === b;
}

function reread(draft: Draft): Draft {
  const read = readDraft(draftText(draft));
  if (!read.isOk) throw new Error("a draft that was written cannot be read");
  return read.value;
}

describe("drafts are the same where their documents have one digest", () => {
  test.each(Object.entries(EDITS))("%s", (name, change) => {
    const before = started();
    const after = change(before);
    const isSame = canonical(draftJson(before)) === canonical(draftJson(after));
    expect(isSame).toBe(name === "nothing");
    for (const [a, b] of [[before, after], [reread(before), after], [sharing(reread(before), after), after], [after, reread(before)]] satisfies [Draft, Draft][]) {
      expect(isSameDraft(a, b)).toBe(isSame);
    }
  });

  test("a draft that shares with another is still what it was", () => {
    for (const change of Object.values(EDITS)) {
      const after = change(started());
      const shared = sharing(reread(started()), after);
      expect(draftText(shared)).toBe(draftText(started()));
      for (const [name, node] of shared.graph.nodes) {
        const there = after.graph.nodes.get(name);
        expect(node === there).toBe(there !== undefined && isSameNode(node, there));
      }
    }
  });
});
