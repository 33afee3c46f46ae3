/** The way of a wire: a calm curve from output to input, through its reroutes where it has any. */

import { contains, type Rect } from "../core/geometry.ts";
import type { Point } from "../core/view.ts";

/** A segment's two ends lean out by this at least, and by half their distance at most. */
const LEAN = 28;

export function wirePath(points: readonly Point[]): string {
  const [first] = points;
  if (first === undefined) return "";
  let path = `M${first.x} ${first.y}`;
  for (let at = 1; at < points.length; at += 1) {
    const [from, to] = [points[at - 1], points[at]];
    if (from !== undefined && to !== undefined) path += segment(from, to);
  }
  return path;
}

/** How much is drawn of each end of a hidden wire. */
export const STUB = 18;

/** The two ends of a wire that is not drawn between them. */
export function stubPath(from: Point, to: Point): string {
  return `M${from.x} ${from.y}h${STUB}M${to.x} ${to.y}h${-STUB}`;
}

function segment(from: Point, to: Point): string {
  const lean = leanOf(from, to);
  return `C${from.x + lean} ${from.y} ${to.x - lean} ${to.y} ${to.x} ${to.y}`;
}

function leanOf(from: Point, to: Point): number {
  const across = to.x - from.x;
  const along = Math.abs(to.y - from.y);
  return across >= 0 ? Math.max(Math.min(LEAN, along), across / 2) : Math.min(160, LEAN + -across / 3 + along / 8);
}

export function drawWire(context: CanvasRenderingContext2D, points: readonly Point[]): void {
  const [first] = points;
  if (first === undefined) return;
  context.moveTo(first.x, first.y);
  for (let at = 1; at < points.length; at += 1) {
    const [from, to] = [points[at - 1], points[at]];
    if (from === undefined || to === undefined) continue;
    const lean = leanOf(from, to);
    context.bezierCurveTo(from.x + lean, from.y, to.x - lean, to.y, to.x, to.y);
  }
}

/** Whether a wire comes through a rectangle. */
export function comesThrough(points: readonly Point[], rect: Rect): boolean {
  for (let at = 1; at < points.length; at += 1) {
    const [from, to] = [points[at - 1], points[at]];
    if (from === undefined || to === undefined) continue;
    const lean = leanOf(from, to);
    for (let step = 0; step <= 32; step += 1) {
      if (contains(rect, bezier(from, { x: from.x + lean, y: from.y }, { x: to.x - lean, y: to.y }, to, step / 32))) return true;
    }
  }
  return false;
}

/** The point of a wire that lies nearest to another, and how far: the curve is walked in small steps. */
export function nearestOn(points: readonly Point[], to: Point): { readonly distance: number; readonly segment: number } {
  let best = { distance: Infinity, segment: 0 };
  for (let at = 1; at < points.length; at += 1) {
    const [from, end] = [points[at - 1], points[at]];
    if (from === undefined || end === undefined) continue;
    const lean = leanOf(from, end);
    for (let step = 0; step <= 24; step += 1) {
      const point = bezier(from, { x: from.x + lean, y: from.y }, { x: end.x - lean, y: end.y }, end, step / 24);
      const distance = Math.hypot(point.x - to.x, point.y - to.y);
      if (distance < best.distance) best = { distance, segment: at - 1 };
    }
  }
  return best;
}

function bezier(a: Point, b: Point, c: Point, d: Point, t: number): Point {
  const u = 1 - t;
  const mix = (p: number, q: number, r: number, s: number) => u ** 3 * p + 3 * u * u * t * q + 3 * u * t * t * r + t ** 3 * s;
  return { x: mix(a.x, b.x, c.x, d.x), y: mix(a.y, b.y, c.y, d.y) };
}
