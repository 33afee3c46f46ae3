/** Draws views once a frame at most, and none that did not ask for it. */

export interface Drawable {
  /** Draw now; whether to be drawn again in the next frame. */
  readonly frame: (milliseconds: number) => boolean;
}

export class Loop {
  private readonly waiting = new Set<Drawable>();
  private isAsked = false;
  private readonly nextFrame: (run: (milliseconds: number) => void) => void;

  constructor(nextFrame: (run: (milliseconds: number) => void) => void) {
    this.nextFrame = nextFrame;
  }

  ask(view: Drawable): void {
    this.waiting.add(view);
    if (this.isAsked) return;
    this.isAsked = true;
    this.nextFrame((milliseconds) => this.run(milliseconds));
  }

  leave(view: Drawable): void {
    this.waiting.delete(view);
  }

  private run(milliseconds: number): void {
    this.isAsked = false;
    const now = [...this.waiting];
    this.waiting.clear();
    for (const view of now) if (view.frame(milliseconds)) this.ask(view);
  }
}

export const loop = new Loop((run) => requestAnimationFrame(run));
