/** Nodes set to equal coordinates or equal distances. */

import type { Draft } from "../draft.ts";
import { type Rect, rectOf, type TypeOf } from "../geometry.ts";
import type { Point } from "../view.ts";
import { moveNodes } from "./nodes.ts";

export const ALIGNMENTS = ["left", "center", "right", "top", "middle", "bottom"] as const;
export type Alignment = (typeof ALIGNMENTS)[number];

/** The draft with the given edge or axis of some nodes at one coordinate. */
export function align(draft: Draft, typeOf: TypeOf, names: readonly string[], alignment: Alignment): Draft {
  const rects = names.map((name) => [name, rectOf(draft, typeOf, name)] as const);
  if (rects.length < 2) return draft;
  const left = Math.min(...rects.map(([, rect]) => rect.x));
  const right = Math.max(...rects.map(([, rect]) => rect.x + rect.width));
  const top = Math.min(...rects.map(([, rect]) => rect.y));
  const bottom = Math.max(...rects.map(([, rect]) => rect.y + rect.height));
  const point = (rect: Rect): Point => {
    switch (alignment) {
      case "left":
        return { x: left, y: rect.y };
      case "right":
        return { x: right - rect.width, y: rect.y };
      case "center":
        return { x: (left + right - rect.width) / 2, y: rect.y };
      case "top":
        return { x: rect.x, y: top };
      case "bottom":
        return { x: rect.x, y: bottom - rect.height };
      case "middle":
        return { x: rect.x, y: (top + bottom - rect.height) / 2 };
    }
  };
  return moveNodes(draft, new Map(rects.map(([name, rect]) => [name, point(rect)])));
}

/** The draft with equal gaps between some nodes, the outermost staying where they are. */
export function distribute(draft: Draft, typeOf: TypeOf, names: readonly string[], axis: "x" | "y"): Draft {
  const size = axis === "x" ? "width" : "height";
  const rects = names.map((name) => [name, rectOf(draft, typeOf, name)] as const).sort(([, a], [, b]) => a[axis] - b[axis]);
  const first = rects[0]?.[1];
  const last = rects.at(-1)?.[1];
  if (first === undefined || last === undefined || rects.length < 3) return draft;
  const filled = rects.reduce((sum, [, rect]) => sum + rect[size], 0);
  const gap = (last[axis] + last[size] - first[axis] - filled) / (rects.length - 1);
  let next = first[axis];
  const points = new Map<string, Point>();
  for (const [name, rect] of rects) {
    points.set(name, axis === "x" ? { x: next, y: rect.y } : { x: rect.x, y: next });
    next += rect[size] + gap;
  }
  return moveNodes(draft, points);
}
