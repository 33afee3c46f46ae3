/** What is dragged when an asset is: its type and its digest. */

import type { Point } from "../../core/view.ts";
import { putAsset } from "../../state/assets.ts";

export const ASSET_DRAG = "application/x-diorama-asset";

/** Make a node of what was dropped; tells whether that was an asset. */
export function dropAsset(text: string, at: Point): boolean {
  const [type = "", digest] = text.split(" ");
  if (digest === undefined) return false;
  putAsset(digest, type, at);
  return true;
}
