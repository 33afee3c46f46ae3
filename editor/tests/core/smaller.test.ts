/** What asks less of a machine. */

import { expect, test } from "vitest";

import type { NodeType, Port } from "../../src/core/catalogue.ts";
import { EMPTY_DRAFT, withNodes } from "../../src/core/draft.ts";
import { lower, lowered } from "../../src/core/edit/smaller.ts";
import type { GraphNode, Input } from "../../src/core/graph.ts";

function port(name: string, more: Partial<Port> = {}): Port {
  return { name, type: "integer", help: "", unit: "", choices: [], isLazy: false, ...more };
}

function typeOf(...inputs: readonly Port[]): NodeType {
  return { id: "t/large", title: "Large", version: 1, category: "", help: "", inputs, outputs: [], seconds: 1, vramGib: 0, models: [], isVolatile: false };
}

function nodeOf(inputs: Readonly<Record<string, Input>>): GraphNode {
  return { type: "t/large", inputs: new Map(Object.entries(inputs)), forEach: [], isBypassed: false, version: null };
}

test.each([
  { name: "a size is halved", port: port("width"), value: 1024, to: 512 },
  { name: "within the steps of its port", port: port("width", { step: 64 }), value: 832, to: 384 },
  { name: "no further than the least", port: port("steps", { minimum: 20 }), value: 28, to: 20 },
  { name: "not at all where it is the least", port: port("steps", { minimum: 28 }), value: 28, to: undefined },
  { name: "a number that says nothing of size is left", port: port("guidance"), value: 8, to: undefined },
  { name: "one is not made none", port: port("count"), value: 1, to: undefined },
])("$name", ({ port: one, value, to }) => {
  const found = lowered(typeOf(one), nodeOf({ [one.name]: { kind: "value", value } }));
  expect(found).toEqual(to === undefined ? [] : [{ port: one.name, from: value, to }]);
});

test("a default counts, a wire and a parameter are left", () => {
  const type = typeOf(port("width", { default: 256 }), port("height"), port("steps"));
  const node = nodeOf({ height: { kind: "wire", wire: { node: "a", port: "value" } }, steps: { kind: "param", name: "steps" } });
  expect(lowered(type, node).map((one) => one.port)).toEqual(["width"]);
});

test("the draft has the lower values", () => {
  const draft = withNodes(EMPTY_DRAFT, [["one", nodeOf({ width: { kind: "value", value: 512 } })]]);
  const changed = lower(draft, "one", [{ port: "width", from: 512, to: 256 }]);
  expect(changed.graph.nodes.get("one")?.inputs.get("width")).toEqual({ kind: "value", value: 256 });
});
