/** What forms, masks, sliders and recordings rest on. */

import { describe, expect, test } from "vitest";

import { formFields, isInForm, mayBeInForm, setInForm } from "../../src/core/form.ts";
import { draftText } from "../../src/core/draft.ts";
import { parameterAt, seedInputs } from "../../src/core/edit/seeds.ts";
import { renameNode } from "../../src/core/edit/nodes.ts";
import { loaderOf, pictureBelow, pictureBeside, withMask } from "../../src/core/masks.ts";
import { NO_STEPS, redone, stepped, undone } from "../../src/core/maskSteps.ts";
import { digestIn } from "../../src/core/media.ts";
import type { Port } from "../../src/core/catalogue.ts";
import { rangeOf } from "../../src/core/values.ts";
import { partFor } from "../../src/core/targets.ts";
import { wavOf } from "../../src/core/wav.ts";
import { draft, draftIn, graph, typesIn } from "../fixtures.ts";

const PARAMETERS = { parameters: { width: { type: "integer", default: 8 }, style: { type: "text", default: "" } } };

function names(of: ReturnType<typeof formFields>): readonly string[] {
  return of.map((field) => (field.kind === "parameter" ? field.name : `${field.to.node}.${field.to.port}`));
}

describe("the form", () => {
  const sized = graph({ a: "load", b: "resize image=a.value width=$width", c: "cut image=b.value tolerance=3" }, PARAMETERS);
  const tolerance = { node: "c", port: "tolerance" };
  const fields = (of: typeof sized) => names(formFields(of, typesIn(of)));

  test("shows every parameter, and no input that is not marked", () => expect(fields(sized)).toEqual(["width", "style"]));
  test("shows marked inputs below the parameters", () => expect(fields(setInForm(sized, tolerance, true))).toEqual(["width", "style", "c.tolerance"]));
  test("leaves out a parameter that was taken out, by the input that takes it", () => {
    const without = setInForm(sized, { node: "b", port: "width" }, false);
    expect(fields(without)).toEqual(["style"]);
    expect(isInForm(without, { node: "b", port: "width" })).toBe(false);
    expect(fields(setInForm(without, { node: "b", port: "width" }, true))).toEqual(["width", "style"]);
  });
  test("shows nothing that comes by a wire", () => {
    expect(fields(setInForm(sized, { node: "c", port: "image" }, true))).toEqual(["width", "style"]);
    expect(mayBeInForm(sized.graph, { node: "c", port: "image" }, { name: "image", type: "image", help: "", unit: "", choices: [], isLazy: false })).toBe(false);
  });
  test("follows a node that is renamed", () => expect(fields(renameNode(setInForm(sized, tolerance, true), "c", "d"))).toContain("d.tolerance"));
  test("is kept in the document's view, which is written and read", () => {
    const marked = setInForm(setInForm(sized, tolerance, true), { node: "b", port: "width" }, false);
    expect(fields(draftIn(draftText(marked)))).toEqual(["style", "c.tolerance"]);
    expect(fields(setInForm(marked, tolerance, false))).toEqual(["style"]);
  });
});

describe("a seed", () => {
  const seeded = draft(
    { a: { type: "t/plan", inputs: { seed: { param: "luck" } } }, b: { type: "t/plan", inputs: { seed: { param: "luck" } } }, c: { type: "t/plan", inputs: { seed: 3 } } },
    { parameters: { luck: { type: "seed", default: 1 } } },
  ).graph;
  test.each([
    ["luck", "luck", ["a.seed", "b.seed"]],
    ["a.seed", "luck", ["a.seed", "b.seed"]],
    ["c.seed", null, ["c.seed"]],
  ])("%s is that of the parameter %s, at %s", (id, parameter, inputs) => {
    expect(parameterAt(seeded, id)).toBe(parameter);
    expect(seedInputs(seeded, id)).toEqual(inputs);
  });
});

describe("a painted mask", () => {
  const masked = draft({ picture: { type: "t/load", inputs: {} }, use: { type: "t/cut", inputs: { image: { wire: "picture.value" } } } });
  const to = { node: "use", port: "mask" };
  test("is painted on the picture that its node takes", () => expect(pictureBeside(masked.graph, typesIn(masked), "use")).toEqual({ node: "picture", port: "value" }));
  test("comes from a node that is added for it, once", () => {
    const once = withMask(masked, typesIn(masked), to, "blake3:aa");
    expect(loaderOf(once.graph, to)).toBe("load_mask");
    expect(pictureBelow(once.graph, typesIn(once), "load_mask")).toEqual({ node: "picture", port: "value" });
    const twice = withMask(once, typesIn(once), to, "blake3:bb");
    expect(twice.graph.nodes.size).toBe(once.graph.nodes.size);
    expect(twice.graph.nodes.get("load_mask")?.inputs.get("file")).toEqual({ kind: "value", value: "blake3:bb" });
  });
});

test("a run to a node needs nothing of what lies beside or below it", () => {
  const given = graph({ a: "load", b: "cut image=a.value", c: "cut", d: "cut image=b.value" }, { results: { end: "d.value", half: "b.value" } }).graph;
  const part = partFor(given, ["b"]);
  expect([...part.nodes.keys()]).toEqual(["a", "b"]);
  expect([...part.results.keys()]).toEqual(["half"]);
});

test("what was done to a mask is undone and done again, until something else is done", () => {
  const once = stepped(stepped(NO_STEPS, { kind: "invert" }), { kind: "clear" });
  expect(undone(once).done).toEqual([{ kind: "invert" }]);
  expect(redone(undone(once))).toEqual(once);
  expect(redone(stepped(undone(once), { kind: "invert" })).done).toHaveLength(2);
  expect(undone(NO_STEPS)).toEqual(NO_STEPS);
});

describe("a slider", () => {
  const port = (of: Partial<Port>): Port => ({ name: "p", type: "number", help: "", unit: "", choices: [], isLazy: false, ...of });
  test.each([
    ["a range", port({ minimum: 0, maximum: 20 }), { least: 0, most: 20 }],
    ["an open end", port({ above: 0, maximum: 60, step: 1 }), { least: 1, most: 60 }],
    ["a range with no end", port({ minimum: 0 }), undefined],
    ["a range too wide to see", port({ type: "integer", minimum: 0, maximum: 100_000 }), undefined],
    ["a seed", port({ type: "seed", minimum: 0, maximum: 100 }), undefined],
  ])("%s", (_, of, range) => expect(rangeOf(of)).toEqual(range));
});

test("sound is written as 16 bits, channel beside channel, and cut off where it is too loud", () => {
  const file = wavOf([new Float32Array([0, 1, 2]), new Float32Array([0, -0.5, -2])], 48_000);
  const view = new DataView(file);
  const text = (at: number) => new TextDecoder().decode(file.slice(at, at + 4));
  expect([text(0), text(8), text(12), text(36)]).toEqual(["RIFF", "WAVE", "fmt ", "data"]);
  expect([view.getUint16(22, true), view.getUint32(24, true), view.getUint32(28, true), view.getUint32(40, true)]).toEqual([2, 48_000, 192_000, 12]);
  expect([0, 2, 4, 6, 8, 10].map((at) => view.getInt16(44 + at, true))).toEqual([0, 0, 32767, -16383, 32767, -32767]);
});

test.each([
  [`blake3:${"a".repeat(64)}`, "a".repeat(64)],
  ["media/toy.png", undefined],
  ["blake3:short", undefined],
  [3, undefined],
])("the digest in %s", (value, digest) => expect(digestIn(value)).toBe(digest));
