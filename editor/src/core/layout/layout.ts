/** Where nodes go when they are laid out from left to right. */

import type { Draft } from "../draft.ts";
import { around, type Rect, rectOf, type TypeOf } from "../geometry.ts";
import { linksOf } from "../graph.ts";
import type { Point } from "../view.ts";

/** What a layout knows of a graph: boxes, and pairs of them of which the first stands before the second. */
export interface Sheet {
  readonly boxes: readonly { readonly name: string; readonly width: number; readonly height: number }[];
  readonly pairs: readonly (readonly [string, string])[];
}

export type Points = ReadonlyMap<string, Point>;

/** Space between columns, and between boxes of one column. */
export const COLUMN_GAP = 64;
export const ROW_GAP = 32;
/** Graphs up to this size are laid out at once; larger ones beside the page, so that it answers meanwhile. */
export const MOST_AT_ONCE = 300;

export function sheetOf(draft: Draft, typeOf: TypeOf, names: ReadonlySet<string>): Sheet {
  const boxes = [...draft.graph.nodes.keys()]
    .filter((name) => names.has(name))
    .map((name) => ({ name, width: rectOf(draft, typeOf, name).width, height: rectOf(draft, typeOf, name).height }));
  const seen = new Set<string>();
  const pairs: (readonly [string, string])[] = [];
  for (const { from, to } of linksOf(draft.graph)) {
    const key = `${from.node}\n${to.node}`;
    if (!names.has(from.node) || !names.has(to.node) || from.node === to.node || seen.has(key)) continue;
    seen.add(key);
    pairs.push([from.node, to.node]);
  }
  return { boxes, pairs };
}

/** The points moved so that their upper left corner is where that of the nodes was, on whole pixels. */
export function anchored(points: Points, sheet: Sheet, corner: Point): Points {
  const rects: Rect[] = sheet.boxes.map((box) => ({ ...box, ...(points.get(box.name) ?? { x: 0, y: 0 }) }));
  const whole = around(rects);
  if (whole === undefined) return points;
  return new Map(
    [...points].map(([name, point]) => [
      name,
      { x: Math.round(point.x - whole.x + corner.x), y: Math.round(point.y - whole.y + corner.y) },
    ]),
  );
}
