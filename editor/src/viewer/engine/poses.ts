/** From where things are looked at. */

import { Box3, MathUtils, Vector3 } from "three";

import type { View } from "./view.ts";

/** From where something is looked at, in metres. */
export interface CameraPose {
  readonly position: readonly [number, number, number];
  readonly target: readonly [number, number, number];
  /** Degrees from the top of the picture to its foot; as it was where it is not said. */
  readonly field?: number;
}

/** Degrees from the top of a picture to its foot. */
export const FIELD = 40;
const ABOVE = new Vector3(0.62, 0.42, 1).normalize();

/** From before and above, so that all of a box is in view. */
export function poseAround(bounds: Box3, aspect: number): CameraPose {
  const size = bounds.getSize(new Vector3());
  const center = bounds.getCenter(new Vector3());
  const half = Math.tan(MathUtils.degToRad(FIELD / 2)) * Math.min(1, aspect);
  const distance = Math.max(0.05, ((size.length() / 2) * 1.05) / half);
  return { position: tuple(center.clone().addScaledVector(ABOVE, distance)), target: tuple(center), field: FIELD };
}

/** From where all of several things is in view that are looked at side by side; as the first's own camera does where each has one. */
export function commonPose(views: readonly View[]): CameraPose | undefined {
  const [first] = views;
  if (first === undefined || views.every((view) => view.isFilmed)) return first?.pose();
  return poseAround(views.reduce((all, view) => all.union(view.around()), new Box3()), first.aspect);
}

export function tuple({ x, y, z }: Vector3): readonly [number, number, number] {
  return [x, y, z];
}
