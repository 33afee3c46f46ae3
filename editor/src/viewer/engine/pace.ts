/** How finely frames that follow each other are drawn, so that the page stays quick where drawing is slow. */

/** Shares of the full width and height. */
const STEPS = [1, 0.75, 0.5, 0.35] as const;
/** Milliseconds of a frame above which it is drawn less finely, and below which more finely again. */
const SLOW = 34;
const QUICK = 7;
/** So many frames in a row must be slow or quick: one that compiles a shader says nothing. */
const IN_A_ROW = 3;

export class Pace {
  private step = 0;
  private slow = 0;
  private quick = 0;

  get fineness(): number {
    return STEPS[this.step] ?? 1;
  }

  /** A frame took so long. */
  took(milliseconds: number): void {
    this.slow = milliseconds > SLOW ? this.slow + 1 : 0;
    this.quick = milliseconds < QUICK ? this.quick + 1 : 0;
    if (this.slow >= IN_A_ROW && this.step < STEPS.length - 1) this.change(1);
    else if (this.quick >= IN_A_ROW * 10 && this.step > 0) this.change(-1);
  }

  private change(by: number): void {
    this.step += by;
    this.slow = 0;
    this.quick = 0;
  }
}
