/** Undo and redo over any row of edits, and typing that is one step per pause. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { type Draft, draftText, EMPTY_DRAFT } from "../../src/core/draft.ts";
import { connect, setValue } from "../../src/core/edit/inputs.ts";
import { addNode, bypassNodes, deleteNodes, moveNodes, renameNode } from "../../src/core/edit/nodes.ts";
import { frameNodes } from "../../src/core/edit/notes.ts";
import { commit, type Deed, type History, historyOf, MOST_STEPS, PAUSE, redo, redoDeed, undo, undoDeed } from "../../src/core/history.ts";
import { sceneOf } from "../fixtures.ts";

const TYPES = ["t/load", "t/cut", "t/resize", "t/plan", "t/inflate"];

/** An edit drawn by numbers, so that it can be made in whatever graph there is then. */
interface Drawn {
  readonly kind: "add" | "delete" | "move" | "connect" | "value" | "bypass" | "rename" | "frame";
  readonly a: number;
  readonly b: number;
}

const DRAWN: fc.Arbitrary<Drawn> = fc.record({
  kind: fc.constantFrom("add", "add", "add", "delete", "move", "connect", "connect", "value", "bypass", "rename", "frame"),
  a: fc.nat(1000),
  b: fc.nat(1000),
});

function edited(draft: Draft, { kind, a, b }: Drawn): { draft: Draft; deed: Deed } {
  const names = [...draft.graph.nodes.keys()];
  const name = names[a % Math.max(1, names.length)] ?? "";
  const other = names[b % Math.max(1, names.length)] ?? "";
  switch (kind) {
    case "add":
      return { draft: addNode(draft, TYPES[a % TYPES.length] ?? "", { x: a, y: b }).draft, deed: "deed.add" };
    case "delete":
      return { draft: deleteNodes(draft, new Set([name])), deed: "deed.delete" };
    case "move":
      return { draft: names.length > 0 ? moveNodes(draft, new Map([[name, { x: a, y: b }]])) : draft, deed: "deed.move" };
    case "connect": {
      const link = { from: { node: name, port: b % 2 === 0 ? "value" : "image" }, to: { node: other, port: b % 3 === 0 ? "prompt" : "image" } };
      return { draft: connect(draft, sceneOf(draft), link), deed: "deed.connect" };
    }
    case "value":
      return { draft: setValue(draft, { node: name, port: "width" }, b), deed: "deed.value" };
    case "bypass":
      return { draft: bypassNodes(draft, [name], b % 2 === 0), deed: "deed.bypass" };
    case "rename":
      return { draft: renameNode(draft, name, `n${String(b)}`), deed: "deed.rename" };
    case "frame":
      return { draft: frameNodes(draft, new Set([name, other]), "F").draft, deed: "deed.frame" };
  }
}

describe("any row of edits", () => {
  test("undone to the start and done again gives the same texts at each step", () => {
    fc.assert(
      fc.property(fc.array(DRAWN, { maxLength: 60 }), (row) => {
        let history = historyOf(EMPTY_DRAFT);
        const texts = [draftText(history.now)];
        for (const [at, drawn] of row.entries()) {
          const { draft, deed } = edited(history.now, drawn);
          const before = history;
          history = commit(history, draft, deed, at * 10);
          if (history !== before) texts.push(draftText(history.now));
        }
        for (const text of texts.toReversed()) {
          expect(draftText(history.now)).toBe(text);
          history = undo(history);
        }
        expect(undo(history)).toBe(history);
        for (const text of texts.slice(1)) {
          history = redo(history);
          expect(draftText(history.now)).toBe(text);
        }
        expect(redo(history)).toBe(history);
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  test("leaves the draft it was made from untouched", () => {
    fc.assert(
      fc.property(fc.array(DRAWN, { maxLength: 30 }), (row) => {
        let draft = EMPTY_DRAFT;
        for (const drawn of row) {
          const text = draftText(draft);
          const next = edited(draft, drawn).draft;
          expect(draftText(draft)).toBe(text);
          draft = next;
        }
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  test("has no wire to a node that is not there, and no circle", () => {
    fc.assert(
      fc.property(fc.array(DRAWN, { maxLength: 60 }), (row) => {
        const draft = row.reduce((now, drawn) => edited(now, drawn).draft, EMPTY_DRAFT);
        const done = new Set<string>();
        const open = new Map([...draft.graph.nodes].map(([name, node]) => [name, [...node.inputs.values()].flatMap((one) => (one.kind === "wire" ? [one.wire.node] : []))]));
        for (let size = -1; size !== done.size; ) {
          size = done.size;
          for (const [name, sources] of open) if (sources.every((source) => done.has(source))) done.add(name);
        }
        expect(done.size).toBe(draft.graph.nodes.size);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});

describe("typing", () => {
  const typed = (history: History, letters: string, at: number, key = "value:a.width") =>
    Array.from(letters).reduce((now, letter, place) => commit(now, setValue(now.now, { node: "load", port: "file" }, letter + String(place)), "deed.value", at + place * 100, key), history);
  const start = historyOf(addNode(EMPTY_DRAFT, "t/load", { x: 0, y: 0 }).draft);

  test("without a pause is one step", () => expect(typed(start, "lighthouse", 0).past.length).toBe(1));
  test("with a pause is two", () => expect(typed(typed(start, "light", 0), "house", 400 + PAUSE).past.length).toBe(2));
  test("in another box is another step", () => expect(typed(typed(start, "light", 0), "house", 500, "value:b").past.length).toBe(2));
  test("after an undo is a step of its own", () => expect(typed(undo(typed(typed(start, "ab", 0), "cd", 5000)), "ef", 5300).past.length).toBe(2));
  test("is undone as a whole", () => expect(undo(typed(start, "lighthouse", 0)).now).toBe(start.now));
});

test("at least a hundred steps are kept, and each is named", () => {
  let history = historyOf(EMPTY_DRAFT);
  for (let step = 0; step < MOST_STEPS + 50; step += 1) {
    history = commit(history, addNode(history.now, "t/load", { x: step, y: 0 }).draft, "deed.add", step * 10);
  }
  expect(history.past.length).toBe(MOST_STEPS);
  expect(MOST_STEPS).toBeGreaterThanOrEqual(100);
  expect([undoDeed(history), redoDeed(history)]).toEqual(["deed.add", undefined]);
  expect(redoDeed(undo(history))).toBe("deed.add");
});

test("what changes nothing is no step", () => {
  const history = historyOf(EMPTY_DRAFT);
  expect(commit(history, EMPTY_DRAFT, "deed.value", 0)).toBe(history);
});
