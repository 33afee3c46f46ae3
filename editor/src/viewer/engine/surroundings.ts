/** What is drawn over a content to make it out: boxes around things, and the grid below. */

import { Box3, type Color, GridHelper, type Object3D, SkinnedMesh, Vector3 } from "three";

/** Metres around a skeleton's joints that its body reaches. */
const BODY = 0.14;

/** The box around a thing as it is posed: of a figure, around its joints. */
export function boxOf(object: Object3D): Box3 {
  const box = new Box3();
  object.traverse((one) => {
    if (one instanceof SkinnedMesh) for (const bone of one.skeleton.bones) box.expandByPoint(bone.getWorldPosition(new Vector3()));
  });
  return box.isEmpty() ? box.setFromObject(object) : box.expandByScalar(BODY);
}

/** A grid below what is shown, its squares a power of ten of metres. */
export function gridFor(bounds: Box3, color: Color): GridHelper {
  const size = bounds.getSize(new Vector3());
  const reach = Math.max(size.x, size.z, 0.1);
  const step = 10 ** Math.round(Math.log10(reach / 8));
  const squares = Math.min(60, 2 * Math.ceil((reach * 0.9) / step));
  const grid = new GridHelper(squares * step, squares, color, color);
  grid.material.transparent = true;
  grid.material.opacity = 0.22;
  const center = bounds.getCenter(new Vector3());
  grid.position.set(Math.round(center.x / step) * step, bounds.min.y, Math.round(center.z / step) * step);
  return grid;
}
