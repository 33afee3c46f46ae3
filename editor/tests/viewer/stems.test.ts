import { expect, it } from "vitest";

import type { NodeType, Port } from "../../src/core/catalogue.ts";
import { missingType } from "../../src/core/geometry.ts";
import { EMPTY_GRAPH, type Graph, type Input, newNode, wired } from "../../src/core/graph.ts";
import type { Made } from "../../src/state/outputs.ts";
import { stemsOf } from "../../src/viewer/stems.ts";

const OUTPUTS: Readonly<Record<string, string>> = { motion: "motion", steps: "audio", rain: "audio", mix: "audio", trim: "audio" };
const LEVEL: Port = { name: "effects_level", type: "number", help: "", unit: "dB", choices: [], isLazy: false, default: 0 };

function graphOf(mix: readonly (readonly [string, Input])[], more: Graph["nodes"] = new Map()): Graph {
  const nodes = [
    ["walk", newNode("motion")],
    ["steps", newNode("steps", new Map([["motion", wired("walk", "out")]]))],
    ["rain", newNode("rain")],
    ["mix", newNode("mix", new Map(mix))],
  ] as const;
  return { ...EMPTY_GRAPH, nodes: new Map([...nodes, ...more]) };
}

function stems(graph: Graph, made: readonly Made[]) {
  const typeOf = (name: string): NodeType => {
    const type = graph.nodes.get(name)?.type ?? "";
    const inputs = type === "mix" ? [LEVEL, { ...LEVEL, name: "ambience_level", default: -3 }] : [];
    return { ...missingType(type, newNode(type), []), inputs, outputs: [{ name: "out", type: OUTPUTS[type] ?? "any" }] };
  };
  return stemsOf(graph, typeOf, (node) => made.filter((one) => one.node === node)).map(({ digest, level, actor }) => [digest, level, actor]);
}

function sound(node: string, call = 0): Made {
  return { node, port: "out", item: 0, call, given: { kind: "artefact", digest: `${node}${String(call)}`, type: "audio", mediaType: "", facts: {} } };
}

const STEPS = ["effects", wired("steps", "out")] as const;
const RAIN = ["ambience", wired("rain", "out")] as const;
const MADE = [sound("steps"), sound("steps", 1), sound("rain"), sound("mix")];

it("what is made of motions is heard from their figures, all else from everywhere, as loud as the mix has it", () => {
  expect(stems(graphOf([STEPS, RAIN, ["effects_level", { kind: "value", value: 6 }]]), MADE)).toEqual([["steps0", 6, 0], ["steps1", 6, 1], ["rain0", -3, null]]);
});

it.each([
  ["what the mix was made of is not there", graphOf([STEPS, RAIN]), [sound("steps"), sound("mix")]],
  ["a level comes by a wire", graphOf([STEPS, ["effects_level", wired("rain", "out")]]), MADE],
  ["a sound was worked upon before it was mixed", graphOf([["effects", wired("short", "out")]], new Map([["short", newNode("trim", new Map([["audio", wired("steps", "out")]]))]])), [...MADE, sound("short")]],
] as const)("there are none where %s", (_, graph, made) => {
  expect(stems(graph, made)).toEqual([]);
});
