/** Curves: read, drawn as the engine reads them, and changed by hand. */

import { describe, expect, test } from "vitest";
import * as v from "valibot";

import { addBeside, addPoint, type Curve, curveIn, heightAt, jsonOfCurve, movePoint, pathOf, presetIn, presetOf, PRESETS, removePoint } from "../../src/core/curve.ts";
import { jsonOf } from "../../src/core/json.ts";
import { whyNot, widgetOf } from "../../src/core/values.ts";
import { vector } from "../fixtures.ts";

const RANGE = { least: 0, most: 2 };
const HILL: Curve = { points: [[0, 0], [0.5, 1], [1, 0]], interpolation: "linear" };
const PORT = { name: "curve", type: "curve", help: "", unit: "", choices: [], isLazy: false, minimum: 0, maximum: 2 };

const ANSWERS = v.parse(v.array(v.object({ points: v.array(v.tuple([v.number(), v.number()])), interpolation: v.picklist(["linear", "monotone"]), heights: v.array(v.number()) })), vector("curves"));

test.each(ANSWERS)("a curve goes as the engine says: $interpolation through $points", ({ heights, ...curve }) => {
  for (const [at, height] of heights.entries()) expect(heightAt(curve, at / (heights.length - 1))).toBeCloseTo(height, 8);
});

describe("reading", () => {
  test.each([
    ["a curve", { points: [[0, 0], [1, 2]], interpolation: "monotone" }, undefined],
    ["one without a way of going", { points: [[0.2, 0], [0.7, 2]] }, undefined],
    ["points out of order", { points: [[0.5, 0], [0.4, 1]] }, "value.curve"],
    ["two points at one place", { points: [[0.5, 0], [0.5, 1]] }, "value.curve"],
    ["one point", { points: [[0.5, 0]] }, "value.curve"],
    ["a point beyond the end", { points: [[0, 0], [1.1, 0]] }, "value.curve"],
    ["a point that is none", { points: [[0, 0], ["a", 0]] }, "value.curve"],
    ["something else beside", { points: [[0, 0], [1, 0]], colour: 1 }, "value.curve"],
    ["too high a point", { points: [[0, 0], [1, 2.1]] }, "value.heights"],
    ["a text", "up", "value.curve"],
  ])("%s", (_, value, key) => {
    expect(whyNot(PORT, jsonOf(value))?.key).toBe(key);
  });
  test("what is written is read again, and edited as a curve", () => {
    expect(curveIn(jsonOfCurve(HILL))).toEqual(HILL);
    expect([widgetOf(PORT), widgetOf({ ...PORT, type: "curve?" })]).toEqual(["curve", "curve"]);
  });
});

describe("changing", () => {
  test.each([
    ["goes where it is put", 1, [0.7, 1.5], [0.7, 1.5]],
    ["stays between its neighbours", 1, [1.4, 1], [0.999, 1]],
    ["stays within the range", 1, [0.5, 9], [0.5, 2]],
    ["stays within the way", 0, [-1, -1], [0, 0]],
  ] as const)("a point %s", (_, at, to, found) => {
    expect(movePoint(HILL, at, to, RANGE).points[at]).toEqual(found);
  });
  test("a point is added in its place", () => {
    expect(addPoint(HILL, [0.7, 0.3], RANGE)).toEqual({ at: 2, curve: { ...HILL, points: [[0, 0], [0.5, 1], [0.7, 0.3], [1, 0]] } });
    expect(addPoint(HILL, [0.5, 0.3], RANGE).curve).toBe(HILL);
    expect(addBeside(HILL, 0, RANGE).curve.points[1]).toEqual([0.25, 0.5]);
    expect(addBeside(HILL, 2, RANGE).at).toBe(2);
  });
  test("two points always stay", () => {
    const two = removePoint(HILL, 1);
    expect(two.points).toEqual([[0, 0], [1, 0]]);
    expect(removePoint(two, 0)).toBe(two);
  });
});

test("the path leads level to both ends, straight or in cubics", () => {
  const curve: Curve = { points: [[0.25, 1], [0.75, 2]], interpolation: "linear" };
  expect(pathOf(curve, 100, 10, RANGE)).toBe("M0 5L25 5L75 0L100 0");
  expect(pathOf({ ...curve, interpolation: "monotone" }, 100, 10, RANGE)).toMatch(/^M0 5L25 5C[^C]+75 0L100 0$/);
});

test("presets are known again, and none is another", () => {
  expect(PRESETS.map((preset) => presetIn(presetOf(preset, 0, 1, "monotone"), 0, 1))).toEqual([...PRESETS]);
  expect(presetIn(HILL, 0, 2)).toBeUndefined();
  for (const preset of PRESETS) expect(whyNot(PORT, jsonOfCurve(presetOf(preset, 0, 1, "linear")))).toBeUndefined();
});
