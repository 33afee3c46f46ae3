/** Draws views once a frame at most, and none that did not ask for it. */

export interface Drawable {
  /** Draw now; whether to be drawn again in the next frame. */
  readonly frame: (milliseconds: number) => boolean;
}

/** Calls something in the next frame, or after that many milliseconds. */
export interface Frames {
  readonly next: (run: (milliseconds: number) => void) => void;
  readonly after: (milliseconds: number, run: () => void) => void;
  readonly now: () => number;
}

/** Milliseconds of drawing that a frame has room for. */
const ROOM = 30;

export class Loop {
  private readonly waiting = new Set<Drawable>();
  private isAsked = false;
  private readonly frames: Frames;

  constructor(frames: Frames) {
    this.frames = frames;
  }

  ask(view: Drawable): void {
    this.waiting.add(view);
    this.begin(0);
  }

  leave(view: Drawable): void {
    this.waiting.delete(view);
  }

  private begin(delay: number): void {
    if (this.isAsked) return;
    this.isAsked = true;
    const next = () => this.frames.next((milliseconds) => this.run(milliseconds));
    if (delay > 0) this.frames.after(delay, next);
    else next();
  }

  private run(milliseconds: number): void {
    const begun = this.frames.now();
    const now = [...this.waiting];
    this.waiting.clear();
    for (const view of now) if (view.frame(milliseconds)) this.waiting.add(view);
    this.isAsked = false;
    const took = this.frames.now() - begun;
    // Where drawing is slow, the page has as much time for all else.
    if (this.waiting.size > 0) this.begin(took > ROOM ? took : 0);
  }
}

export const loop = new Loop({ next: (run) => requestAnimationFrame(run), after: (milliseconds, run) => setTimeout(run, milliseconds), now: () => performance.now() });
