/** What the canvas does for others: coordinates, what is in view, where the keyboard is. Set as long as it is there. */

import type { Rect } from "../core/geometry.ts";
import type { Point } from "../core/view.ts";

/** What part of the canvas is in view. */
export interface Look extends Point {
  readonly zoom: number;
}

export interface Stage {
  readonly toCanvas: (screen: Point) => Point;
  readonly toScreen: (point: Point) => Point;
  /** The middle of what is in view. */
  readonly center: () => Point;
  readonly show: (rect: Rect, most?: number) => void;
  readonly look: () => Look;
  readonly lookAt: (look: Look) => void;
  readonly zoomBy: (factor: number) => void;
  readonly zoomTo: (zoom: number) => void;
  /** Give the keyboard to a node, and bring it into view: with the least move, in the middle, or not at all. */
  readonly focusNode: (name: string, way?: "least" | "middle" | "still") => void;
  readonly focus: () => void;
}

let stage: Stage | null = null;

export function setStage(next: Stage | null): void {
  stage = next;
}

export function stageNow(): Stage | null {
  return stage;
}
