/** Curves: heights over a way from 0 to 1 through a few points. How they go between these is the engine's rule, held to its answers in a test. */

import { type Json, isList, isObject, numberIn } from "./json.ts";

export type CurvePoint = readonly [x: number, y: number];

export interface Curve {
  readonly points: readonly CurvePoint[];
  readonly interpolation: "linear" | "monotone";
}

/** Between which heights points lie. */
export interface CurveRange {
  readonly least: number;
  readonly most: number;
}

/** The engine takes no more. */
export const MOST_POINTS = 64;
/** How near two points may stand to each other. */
const NEAR = 0.001;

/** The curve that a value is, or undefined where it is none. */
export function curveIn(value: Json | undefined): Curve | undefined {
  if (!isObject(value) || ![...value.keys()].every((key) => key === "points" || key === "interpolation")) return undefined;
  const given = value.get("points");
  const interpolation = value.get("interpolation") ?? "linear";
  if (!isList(given) || (interpolation !== "linear" && interpolation !== "monotone")) return undefined;
  const points = given.map(pointIn).filter((point) => point !== undefined);
  const isWhole = points.length === given.length && points.length >= 2 && points.length <= MOST_POINTS;
  const isInOrder = points.every(([x], at) => x >= 0 && x <= 1 && x > (points[at - 1]?.[0] ?? -1));
  return isWhole && isInOrder ? { points, interpolation } : undefined;
}

function pointIn(value: Json): CurvePoint | undefined {
  if (!isList(value) || value.length !== 2) return undefined;
  const [x, y] = value.map(numberIn);
  return x === undefined || y === undefined ? undefined : [x, y];
}

export function jsonOfCurve({ points, interpolation }: Curve): Json {
  return new Map<string, Json>([
    ["points", points.map(([x, y]) => [x, y])],
    ["interpolation", interpolation],
  ]);
}

/** A number with as many places as can be seen. */
function rounded(number: number): number {
  return Math.round(number * 1000) / 1000;
}

function between(number: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, number));
}

/** The curve with a point elsewhere: within the range, and between its neighbours. */
export function movePoint(curve: Curve, at: number, [x, y]: CurvePoint, { least, most }: CurveRange): Curve {
  const left = curve.points[at - 1];
  const right = curve.points[at + 1];
  const placed: CurvePoint = [rounded(between(x, left === undefined ? 0 : left[0] + NEAR, right === undefined ? 1 : right[0] - NEAR)), rounded(between(y, least, most))];
  return { ...curve, points: curve.points.map((point, number) => (number === at ? placed : point)) };
}

/** The curve with one more point, and which that is; the same where there is no room for one. */
export function addPoint(curve: Curve, [x, y]: CurvePoint, { least, most }: CurveRange): { readonly curve: Curve; readonly at: number } {
  const found = curve.points.findIndex((point) => point[0] > x);
  const at = found < 0 ? curve.points.length : found;
  const isCrowded = curve.points.some((point) => Math.abs(point[0] - x) < NEAR);
  if (isCrowded || curve.points.length >= MOST_POINTS) return { curve, at: Math.min(at, curve.points.length - 1) };
  const point: CurvePoint = [rounded(between(x, 0, 1)), rounded(between(y, least, most))];
  return { curve: { ...curve, points: [...curve.points.slice(0, at), point, ...curve.points.slice(at)] }, at };
}

/** A point more in the middle between one and the next, or the one before the last, where the curve goes already. */
export function addBeside(curve: Curve, at: number, range: CurveRange): { readonly curve: Curve; readonly at: number } {
  const left = Math.min(at, curve.points.length - 2);
  const x = ((curve.points[left]?.[0] ?? 0) + (curve.points[left + 1]?.[0] ?? 1)) / 2;
  return addPoint(curve, [x, heightAt(curve, x)], range);
}

/** The curve without a point; two always stay. */
export function removePoint(curve: Curve, at: number): Curve {
  return curve.points.length <= 2 ? curve : { ...curve, points: curve.points.filter((_, number) => number !== at) };
}

/** The height of a curve at a place from 0 to 1. */
export function heightAt(curve: Curve, x: number): number {
  const { points } = curve;
  const found = points.findIndex((point) => point[0] > x) - 1;
  const left = found === -2 ? points.length - 2 : Math.max(0, found);
  const [start, end] = [points[left], points[left + 1]];
  if (start === undefined || end === undefined) return start?.[1] ?? 0;
  const width = end[0] - start[0];
  const t = between((x - start[0]) / width, 0, 1);
  const rest = 1 - t;
  if (curve.interpolation === "linear") return rest * start[1] + t * end[1];
  const slopes = slopesOf(points);
  const [first, last] = [width * (slopes[left] ?? 0), width * (slopes[left + 1] ?? 0)];
  return rest * rest * ((1 + 2 * t) * start[1] + t * first) + t * t * ((3 - 2 * t) * end[1] - rest * last);
}

/** The slope in each point that makes a cubic keep between neighbours. */
function slopesOf(points: readonly CurvePoint[]): readonly number[] {
  const parts = points.slice(1).map(([x, y], at) => {
    const [fromX, fromY] = points[at] ?? [0, 0];
    return { width: x - fromX, step: (y - fromY) / (x - fromX) };
  });
  return points.map((_, at) => {
    const [before, after] = [parts[at - 1], parts[at]];
    if (before === undefined || after === undefined) return (before ?? after)?.step ?? 0;
    if (before.step * after.step <= 0) return 0;
    const [near, far] = [2 * after.width + before.width, after.width + 2 * before.width];
    return (near + far) / (near / before.step + far / after.step);
  });
}

/** The curve as the path of an SVG of that width and height; cubics of the curve are cubics of the path. */
export function pathOf(curve: Curve, width: number, height: number, { least, most }: CurveRange): string {
  const place = (x: number, y: number) => `${String(rounded(x * width))} ${String(rounded(height * (1 - (y - least) / (most - least))))}`;
  const { points, interpolation } = curve;
  const slopes = interpolation === "linear" ? [] : slopesOf(points);
  const first = points[0] ?? [0, least];
  const parts = points.slice(1).map(([x, y], at) => {
    const [fromX, fromY] = points[at] ?? [0, 0];
    if (interpolation === "linear") return `L${place(x, y)}`;
    const third = (x - fromX) / 3;
    return `C${place(fromX + third, fromY + third * (slopes[at] ?? 0))} ${place(x - third, y - third * (slopes[at + 1] ?? 0))} ${place(x, y)}`;
  });
  return [`M${place(0, first[1])}`, `L${place(...first)}`, ...parts, `L${place(1, points.at(-1)?.[1] ?? least)}`].join("");
}

/** What may be begun with: each is drawn between the least height and that at which nothing is changed. */
export const PRESETS = ["level", "rise", "fall", "swell", "dip", "ends"] as const;
export type Preset = (typeof PRESETS)[number];

export function presetOf(preset: Preset, least: number, rest: number, interpolation: Curve["interpolation"]): Curve {
  const low = rounded(least + (rest - least) / 4);
  const shapes: Readonly<Record<Preset, readonly CurvePoint[]>> = {
    level: [[0, rest], [1, rest]],
    rise: [[0, least], [1, rest]],
    fall: [[0, rest], [1, least]],
    swell: [[0, least], [0.5, rest], [1, least]],
    dip: [[0, rest], [0.35, low], [0.65, low], [1, rest]],
    ends: [[0, least], [0.1, rest], [0.9, rest], [1, least]],
  };
  return { points: shapes[preset], interpolation };
}

/** The preset that a curve is, or undefined. */
export function presetIn(curve: Curve, least: number, rest: number): Preset | undefined {
  const text = JSON.stringify(curve.points);
  return PRESETS.find((preset) => JSON.stringify(presetOf(preset, least, rest, "linear").points) === text);
}
