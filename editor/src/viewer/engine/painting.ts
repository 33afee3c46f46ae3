/** What draws the splats of one view: made when there are the first ones, and kept for as long as there are any. */

import type { Scene, WebGLRenderer } from "three";

import type { MakePainter, Painter } from "./splatReader.ts";

export class Painting {
  private painter: Painter | null = null;
  private readonly renderer: WebGLRenderer;
  private readonly changed: () => void;

  constructor(renderer: WebGLRenderer, changed: () => void) {
    this.renderer = renderer;
    this.changed = changed;
  }

  /** Put it into a scene that is drawn next, `width` by `height` device pixels; null where there is nothing for it. */
  enter(scene: Scene, wanted: MakePainter | null, width: number, height: number): void {
    if (wanted === null) {
      this.drop();
      return;
    }
    this.painter ??= wanted(this.renderer, this.changed);
    this.painter.resize(width, height);
    scene.add(this.painter.object);
  }

  /** Take it out again: other views draw the same scene with one of their own. */
  leave(scene: Scene): void {
    if (this.painter !== null) scene.remove(this.painter.object);
  }

  drop(): void {
    this.painter?.dispose();
    this.painter = null;
  }
}
