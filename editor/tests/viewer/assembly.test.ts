import { describe, expect, it } from "vitest";

import type { NodeType } from "../../src/core/catalogue.ts";
import { missingType } from "../../src/core/geometry.ts";
import { EMPTY_GRAPH, type Graph, newNode, wired } from "../../src/core/graph.ts";
import type { Made } from "../../src/state/outputs.ts";
import { assemble, makersOf, sceneNodes } from "../../src/viewer/assembly.ts";

const OUTPUTS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  plan: [["objects", "list[object_spec]"]],
  mesh: [["mesh", "mesh"]],
  rig: [["rig", "rig"]],
  motion: [["motion", "motion"]],
  layout: [["scene", "scene"], ["paths", "list[path_spec]"]],
  stage: [["scene", "scene"]],
  text: [["text", "text"]],
};

/** plan > meshes > layout > scene < figures; the layout's ways > motions > scene. */
const GRAPH: Graph = {
  ...EMPTY_GRAPH,
  nodes: new Map([
    ["plan", newNode("plan")],
    ["words", newNode("text")],
    ["meshes", { ...newNode("mesh", new Map([["object", wired("plan", "objects")]])), forEach: ["object"] }],
    ["figures", newNode("rig")],
    ["layout", newNode("layout", new Map([["meshes", wired("meshes", "mesh")]]))],
    ["motions", newNode("motion", new Map([["rig", wired("figures", "rig")], ["path", wired("layout", "paths")]]))],
    ["scene", newNode("stage", new Map([["scene", wired("layout", "scene")], ["rigs", wired("figures", "rig")], ["motions", wired("motions", "motion")]]))],
  ]),
};

function typeOf(name: string): NodeType {
  const type = GRAPH.nodes.get(name)?.type ?? "";
  return { ...missingType(type, newNode(type), []), outputs: (OUTPUTS[type] ?? []).map(([port, word]) => ({ name: port, type: word })) };
}

function artefact(node: string, port: string, type: string, digest: string, facts = {}, call = 0): Made {
  return { node, port, item: 0, call, given: { kind: "artefact", digest, type, mediaType: "model/gltf-binary", facts } };
}

function value(node: string, port: string, item: number, given: unknown): Made {
  return { node, port, item, call: 0, given: { kind: "value", value: given } };
}

const OBJECTS = [value("plan", "objects", 0, { id: "lamp" }), value("plan", "objects", 1, { id: "bench" })];
const LAMP = artefact("meshes", "mesh", "mesh", "aa", { size: [0.4, 3, 0.4], vertices: 590 });
const BENCH = artefact("meshes", "mesh", "mesh", "bb", { size: [2, 1, 0.6], vertices: 360 }, 1);
const RIG = artefact("figures", "rig", "rig", "ff", { vertices: 999 });
const LAYOUT = [artefact("layout", "scene", "scene", "11"), value("layout", "paths", 0, { points: [[1.5, -2]] })];
const SCENE = artefact("scene", "scene", "scene", "22");

function seenOf(...made: readonly Made[]) {
  return assemble(GRAPH, typeOf, (node) => made.filter((one) => one.node === node), () => true);
}

function shown(...made: readonly Made[]) {
  const { base, pieces } = seenOf(...made);
  return [base?.node ?? null, pieces.map(({ label, digest }) => `${label}:${digest ?? "box"}`)];
}

describe("the scene assembles", () => {
  it.each([
    ["a box for each node at first", [], [null, ["meshes:box", "figures:box"]]],
    ["a box for each object of the plan", OBJECTS, [null, ["lamp:box", "bench:box", "figures:box"]]],
    ["a mesh in place of its box", [...OBJECTS, BENCH], [null, ["lamp:box", "bench:bb", "figures:box"]]],
    ["all that is made", [...OBJECTS, LAMP, BENCH, RIG], [null, ["lamp:aa", "bench:bb", "figures:ff"]]],
    ["the layout in place of what went into it", [...OBJECTS, LAMP, BENCH, ...LAYOUT], ["layout", ["figures:box"]]],
    ["a figure in the layout", [...OBJECTS, LAMP, BENCH, ...LAYOUT, RIG], ["layout", ["figures:ff"]]],
    ["the scene in place of everything", [...OBJECTS, LAMP, BENCH, ...LAYOUT, RIG, SCENE], ["scene", []]],
  ])("%s", (_, made, wanted) => expect(shown(...made)).toEqual(wanted));

  it("shows no box for what is not to be made", () => {
    const made = [...OBJECTS, BENCH];
    const { pieces } = assemble(GRAPH, typeOf, (node) => made.filter((one) => one.node === node), () => false);
    expect(pieces.map(({ label }) => label)).toEqual(["bench"]);
  });

  it("puts things side by side, and figures where their ways begin", () => {
    const { pieces } = seenOf(...OBJECTS, LAMP, BENCH);
    const row = pieces.toSorted((one, other) => one.at[0] - other.at[0]);
    for (const [number, piece] of row.entries()) {
      const next = row[number + 1];
      if (next !== undefined) expect(piece.at[0] + piece.size[0] / 2).toBeLessThanOrEqual(next.at[0] - next.size[0] / 2);
    }
    expect(seenOf(...OBJECTS, LAMP, BENCH, ...LAYOUT).pieces.map(({ at }) => at)).toEqual([[1.5, -2]]);
  });

  it("looks only at nodes that have to do with it", () => {
    expect(sceneNodes(GRAPH, typeOf)).toEqual(["plan", "meshes", "figures", "layout", "motions", "scene"]);
  });
});

describe("an object of the scene comes from", () => {
  const makers = (role: string, vertices: number, ...made: readonly Made[]) =>
    makersOf(GRAPH, typeOf, (node) => made.filter((one) => one.node === node), "scene", { role, vertices, order: 0 });

  it("the node that made a mesh like it", () => expect(makers("placement", 590, LAMP, BENCH)).toEqual(["meshes"]));
  it("the layout, where no mesh is like it", () => expect(makers("placement", 4352, LAMP, BENCH)).toEqual(["layout"]));
  it("those that make meshes, where nothing is known of them", () => expect(makers("placement", 590)).toEqual(["meshes"]));
  it("figure and motion, where it is one", () => expect(makers("actor", 999, RIG)).toEqual(["figures", "motions"]));
});
