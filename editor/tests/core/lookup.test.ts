/** Finding nodes and node types, layout, staleness, values. */

import { describe, expect, test } from "vitest";

import { readCatalogue } from "../../src/core/catalogue.ts";
import { EMPTY_DRAFT, type Draft, withNodes, withPlaces } from "../../src/core/draft.ts";
import { setValue } from "../../src/core/edit/inputs.ts";
import { findNodes } from "../../src/core/find.ts";
import { anyOverlap, rectOf, shapeOf } from "../../src/core/geometry.ts";
import { linksOf, newNode, wired } from "../../src/core/graph.ts";
import { layOutInColumns } from "../../src/core/layout/layered.ts";
import { anchored, type Points, sheetOf } from "../../src/core/layout/layout.ts";
import { titleOf } from "../../src/core/names.ts";
import { portFor, searchTypes } from "../../src/core/search.ts";
import { staleNodes } from "../../src/core/stale.ts";
import { clamped, stepOf, whyNot, widgetOf } from "../../src/core/values.ts";
import { sayThat } from "../../src/words/say.ts";
import { catalogue, draft, draftIn, graph, sceneOf, templates, typesIn } from "../fixtures.ts";

describe("finding nodes", () => {
  const given = graph({ boat: "load", cut: "cut image=boat.value", words: 'plan prompt="a-red-boat-at-dawn"', size: "resize width=$px" }, { parameters: { px: { type: "integer", default: 640 } } });
  const CASES = [
    ["boat", ["boat:name", "words:value"]],
    ["CUT", ["cut:name"]],
    ["Inflate", []],
    ["t/", ["boat:type", "cut:type", "words:type", "size:type"]],
    ["red", ["words:value"]],
    ["px", ["size:value"]],
    ["640", ["size:value"]],
    ["  ", []],
  ] as const;
  test.each(CASES)("%j", (words, hits) => {
    expect(findNodes(given.graph, catalogue(), words).map((hit) => `${hit.name}:${hit.where}`)).toEqual(hits);
  });
});

describe("finding node types", () => {
  test.each([["cut", "t/cut"], ["re", "t/resize"], ["size", "t/resize"], ["read", "t/load"], ["rsz", "t/resize"]])("%s finds %s first", (words, id) => {
    expect(searchTypes(catalogue(), words)[0]?.id).toBe(id);
  });
  test("what was used most comes first among equals", () => {
    expect(searchTypes(catalogue(), "", new Map([["t/switch", 3]]))[0]?.id).toBe("t/switch");
  });
  test("by a dropped wire, only what fits is left", () => {
    const scene = sceneOf(graph({ a: "load", b: "cut" }));
    const fitting = (need: Parameters<typeof portFor>[2]) =>
      [...scene.catalogue.nodes.values()].flatMap((type) => {
        const port = portFor(scene, type, need);
        return port === undefined ? [] : [`${type.id}.${port}`];
      });
    expect(fitting({ kind: "takes", gives: "image" })).toEqual(["t/cut.image", "t/inflate.image", "t/resize.image", "t/switch.yes"]);
    expect(fitting({ kind: "gives", to: { node: "b", port: "image" } })).toEqual(["t/cut.image", "t/load.value", "t/resize.value"]);
  });
});

/** A graph of the given size: each node takes from one or two before it. */
function large(size: number): Draft {
  const names = Array.from({ length: size }, (_, at) => `n${String(at)}`);
  return withPlaces(
    withNodes(EMPTY_DRAFT, names.map((name, at) => [name, newNode("t/switch", new Map(at === 0 ? [] : [["yes", wired(names[(at * 7) >> 3] ?? "", "value")], ["no", wired(names[at >> 1] ?? "", "value")]]))] as const)),
    names.map((name) => [name, { x: 40, y: 30, isCollapsed: false, tint: null }] as const),
  );
}

describe("layout", () => {
  const GRAPHS: readonly (readonly [string, Draft])[] = [...templates().map(([name, text]) => [name, draftIn(text)] as const), ["fifty", large(50)]];
  test.each(GRAPHS)("%s has no overlap and runs from left to right", (_, given) => {
    expectOrdered(given, layOutInColumns(sheetOf(given, typesIn(given), new Set(given.graph.nodes.keys()))));
  });
  test("three thousand nodes", () => {
    const given = large(3000);
    expectOrdered(given, layOutInColumns(sheetOf(given, typesIn(given), new Set(given.graph.nodes.keys()))));
  });
  test("a layout stays where the nodes were", () => {
    const given = large(10);
    const sheet = sheetOf(given, typesIn(given), new Set(given.graph.nodes.keys()));
    const points = [...anchored(layOutInColumns(sheet), sheet, { x: 40, y: 30 }).values()];
    expect([Math.min(...points.map((point) => point.x)), Math.min(...points.map((point) => point.y))]).toEqual([40, 30]);
  });

  function expectOrdered(given: Draft, points: Points): void {
    const rects = [...given.graph.nodes.keys()].map((name) => rectOf(given, typesIn(given), name, points.get(name)));
    expect(anyOverlap(rects)).toBe(false);
    for (const { from, to } of linksOf(given.graph)) {
      const [a, b] = [from.node, to.node].map((name) => rectOf(given, typesIn(given), name, points.get(name)));
      expect((a?.x ?? 0) + (a?.width ?? 0)).toBeLessThanOrEqual(b?.x ?? 0);
    }
  }
});

describe("what a change makes stale", () => {
  const ran = graph({ a: "load", b: "cut image=a.value", c: "resize image=b.image width=64", d: "inflate image=c.value", e: "load" });
  test("exactly what lies below it, with the cause", () => {
    const stale = staleNodes(ran.graph, setValue(ran, { node: "c", port: "width" }, 65).graph);
    expect(Object.fromEntries(stale)).toEqual({ c: { port: "width", cause: "c" }, d: { port: null, cause: "c" } });
  });
  test("nothing, where a value is what it was", () => {
    expect(staleNodes(ran.graph, setValue(ran, { node: "c", port: "width" }, 64).graph).size).toBe(0);
  });
  test("and what is new", () => {
    const now = graph({ a: "load", b: "cut image=a.value", c: "resize image=b.image width=64", d: "inflate image=c.value", e: "load", f: "cut image=e.value" });
    expect([...staleNodes(ran.graph, now.graph).keys()]).toEqual(["f"]);
  });
});

describe("values", () => {
  const known = catalogue();
  const port = (type: string, name: string) => {
    const found = known.nodes.get(`t/${type}`)?.inputs.find((one) => one.name === name);
    if (found === undefined) throw new Error(name);
    return found;
  };
  const CASES = [
    ["resize", "width", 1, undefined],
    ["resize", "width", 0, "at least 1 is wanted"],
    ["resize", "width", 1.5, "a whole number is wanted"],
    ["resize", "width", "x", "a number is wanted"],
    ["resize", "fit", "cover", undefined],
    ["resize", "fit", "round", "one of inside, cover, pad is wanted"],
    ["cut", "tolerance", 0, "more than 0 is wanted"],
    ["cut", "tolerance", 61, "at most 60 is wanted"],
    ["plan", "seed", "random", undefined],
    ["plan", "seed", -1, "at least 0 is wanted"],
    ["plan", "prompt", "a".repeat(4001), "at most 4000 characters are taken"],
    ["inflate", "color", "#FFF", "a colour such as #3366cc is wanted"],
    ["inflate", "color", "#ff00aa", undefined],
    ["load", "file", "", "a file is wanted"],
  ] as const;
  test.each(CASES.filter(([type]) => type !== "load"))("%s.%s = %j: %s", (type, name, value, words) => {
    const said = whyNot(port(type, name), value);
    expect(said && sayThat("en", said)).toBe(words);
  });
  test("widgets follow the type", () => {
    expect([port("plan", "prompt"), port("plan", "seed"), port("resize", "fit"), port("resize", "image"), port("inflate", "color"), port("switch", "on"), port("pick", "items")].map(widgetOf)).toEqual(
      ["prompt", "seed", "choice", "wire", "color", "boolean", "wire"],
    );
  });
  test("numbers are brought into range, by readable steps", () => {
    expect([clamped(port("resize", "width"), 0.4), clamped(port("cut", "tolerance"), 99), stepOf(port("cut", "tolerance")), stepOf(port("resize", "width"))]).toEqual([1, 60, 1, 1]);
  });
});

describe("shapes", () => {
  test("a node's size and ports come from its type alone", () => {
    for (const type of catalogue().nodes.values()) {
      for (const isCollapsed of [false, true]) {
        const shape = shapeOf(type, isCollapsed);
        expect([...shape.inputs.keys()].sort()).toEqual(type.inputs.map((one) => one.name).sort());
        expect([...shape.outputs.keys()].sort()).toEqual(type.outputs.map((one) => one.name).sort());
        for (const y of [...shape.inputs.values(), ...shape.outputs.values()]) expect(y > 0 && y < shape.height).toBe(true);
        expect(shape.height % 4).toBe(0);
      }
    }
  });
});

describe("advanced inputs", () => {
  const wire = (from: string) => ({ wire: from });
  const given = (inputs: Record<string, unknown>, forEach: readonly string[] = []) =>
    draft({ a: { type: "t/load" }, c: { type: "t/cut", inputs: { image: wire("a.value") } }, b: { type: "t/inflate", inputs, ...(forEach.length > 0 ? { for_each: forEach } : {}) } });
  const shapesOf = (inputs: Record<string, unknown>, forEach?: readonly string[]) => {
    const made = given(inputs, forEach);
    return [false, true].map((isCollapsed) => shapeOf(typesIn(made)("b"), isCollapsed));
  };
  test.each([
    ["are not drawn", { image: wire("a.value") }, [], ["color", "height", "image"]],
    ["are not drawn with a value", { cells: 32 }, [], ["color", "height", "image"]],
    ["are drawn with a wire", { mask: wire("c.mask") }, [], ["color", "height", "image", "mask"]],
    ["are drawn with a list that the node is called for", { cells: [32, 64] }, ["cells"], ["cells", "color", "height", "image"]],
  ])("%s", (_, inputs, forEach, ports) => {
    for (const shape of shapesOf(inputs, forEach)) expect([...shape.inputs.keys()].toSorted()).toEqual(ports);
  });
  test("make a node no higher than what is drawn", () => {
    const [bare = 0, valued, wired] = [{}, { cells: 32 }, { mask: wire("c.mask") }].map((inputs) => shapesOf(inputs)[0]?.height ?? 0);
    expect(valued).toBe(bare);
    expect(wired).toBeGreaterThan(bare);
  });
  test("leave the type the same object as long as the same ones are in use", () => {
    const given = graph({ a: "load", b: "inflate image=a.value", c: "inflate cells=16", d: "cut image=a.value" });
    expect(typesIn(given)("b")).toBe(typesIn(given)("c"));
    expect(typesIn(given)("d")).toBe(catalogue().nodes.get("t/cut"));
    expect(typesIn(given)("b").inputs.map(({ name }) => name)).toContain("cells");
  });
});

test("a catalogue that is none is refused", () => {
  expect(() => readCatalogue({ nodes: 3 })).toThrow();
});

test.each([
  ["diorama/make_object", "Make object"],
  ["diorama/sdxl_image", "SDXL image"],
  ["sdxl", "SDXL"],
])("%s is called %s", (id, title) => expect(titleOf(id)).toBe(title));
