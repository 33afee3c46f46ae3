/** Where a value comes from. */

import { expect, test } from "vitest";

import { type Graph, type GraphNode, EMPTY_GRAPH, type Input } from "../../src/core/graph.ts";
import { placedAs, withValues } from "../../src/core/pastRun.ts";
import { chainTo, makerOf } from "../../src/core/provenance.ts";
import { EMPTY_DRAFT } from "../../src/core/draft.ts";

function node(inputs: Readonly<Record<string, Input>>): GraphNode {
  return { type: "t/node", inputs: new Map(Object.entries(inputs)), forEach: [], isBypassed: false, version: null };
}

const from = (name: string): Input => ({ kind: "wire", wire: { node: name, port: "value" } });
const GRAPH: Graph = {
  ...EMPTY_GRAPH,
  nodes: new Map([
    ["last", node({ x: from("middle"), by: { kind: "value", value: 3 } })],
    ["middle", node({ x: from("first") })],
    ["first", node({ seed: { kind: "param", name: "seed" } })],
    ["aside", node({ x: from("first") })],
  ]),
  parameters: new Map([["seed", { type: "seed", help: "", unit: "", choices: [], default: 1 }]]),
};
const CALLS = [
  { step: "first", node: "t/node", seconds: 1, outputs: { value: { digest: "aa" } } },
  { step: "middle/inner", node: "t/node", seconds: 2, outputs: { value: [{ digest: "bb" }, { digest: "cc" }] } },
  { step: "middle/other", node: "t/node", seconds: 3, outputs: {} },
];

test.each([
  { digest: "aa", gives: "first" },
  { digest: "blake3:cc", gives: "middle" },
  { digest: "dd", gives: undefined },
])("$digest was made by $gives", ({ digest, gives }) => expect(makerOf(CALLS, digest)).toBe(gives));

test("the chain has what led to a node alone, sources first, with what was given and how long it took", () => {
  const chain = chainTo(GRAPH, CALLS, "last");
  expect(chain.map((link) => [link.node, link.seconds, link.given.map(([port]) => port).join()])).toEqual([
    ["first", 1, "seed"],
    ["middle", 5, ""],
    ["last", 0, "by"],
  ]);
});

test("the graph of a run has the values that it ran with", () => {
  const given = withValues(GRAPH, { seed: 7, gone: 1 });
  expect(given.parameters.get("seed")?.default).toBe(7);
  expect(withValues(GRAPH, {}).parameters.get("seed")?.default).toBe(1);
});

test("nodes of the same name and type stand where they stand in the other", () => {
  const place = { x: 5, y: 6, isCollapsed: false, tint: null };
  const other = { graph: { ...GRAPH, nodes: new Map([...GRAPH.nodes, ["aside", { ...node({}), type: "t/other" }]]) }, view: { ...EMPTY_DRAFT.view, places: new Map([["last", place], ["aside", place]]) } };
  expect([...placedAs({ graph: GRAPH, view: EMPTY_DRAFT.view }, other).view.places]).toEqual([["last", place]]);
});
