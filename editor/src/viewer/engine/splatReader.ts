/** How splats are read. What that takes is large, and loaded by pages that offer it when there is the first one to show. */

import type { Object3D, WebGLRenderer } from "three";

import type { Content } from "./content.ts";

/** Draws the splats of a scene that it is put into, as they are seen from one view. */
export interface Painter {
  readonly object: Object3D;
  /** How many device pixels the view has. */
  readonly resize: (width: number, height: number) => void;
  readonly dispose: () => void;
}

/** Makes the painter of a view; `changed` is told when it would draw another picture. */
export type MakePainter = (renderer: WebGLRenderer, changed: () => void) => Painter;

export interface SplatReader {
  readonly readSplat: (bytes: ArrayBuffer) => Promise<Content>;
}

let load: (() => Promise<SplatReader>) | null = null;

export function offerSplats(next: () => Promise<SplatReader>): void {
  load = next;
}

/** Null on pages that show none. */
export async function splatReader(): Promise<SplatReader | null> {
  return load === null ? null : await load();
}
