/** Masks as pixels: while they are painted, what is inside is a colour whose opacity says how far; as files they are grey. */

import type { MaskStep } from "../core/maskSteps.ts";

/** The colour that shows what is inside: red, green, blue. */
export type Ink = readonly [number, number, number];

/** Draw a mask from what it was before and all that was done since. */
export function paintMask(canvas: HTMLCanvasElement, before: ImageBitmap | null, steps: readonly MaskStep[], ink: Ink): void {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) return;
  context.globalCompositeOperation = "source-over";
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (before !== null) {
    context.drawImage(before, 0, 0, canvas.width, canvas.height);
    changePixels(context, canvas, (pixels, at) => setPixel(pixels, at, ink, grey(pixels, at)));
  }
  for (const step of steps) paintStep(context, canvas, step, ink);
}

function paintStep(context: CanvasRenderingContext2D, canvas: HTMLCanvasElement, step: MaskStep, ink: Ink): void {
  switch (step.kind) {
    case "clear":
      context.clearRect(0, 0, canvas.width, canvas.height);
      return;
    case "invert":
      changePixels(context, canvas, (pixels, at) => setPixel(pixels, at, ink, 255 - (pixels[at + 3] ?? 0)));
      return;
    case "stroke":
      paintStroke(context, step, ink);
  }
}

function paintStroke(context: CanvasRenderingContext2D, { points, width, isErasing }: Extract<MaskStep, { kind: "stroke" }>, ink: Ink): void {
  const [first, ...rest] = points;
  if (first === undefined) return;
  context.globalCompositeOperation = isErasing ? "destination-out" : "source-over";
  context.strokeStyle = context.fillStyle = `rgb(${ink.join(" ")})`;
  context.lineWidth = width;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.beginPath();
  context.moveTo(first.x, first.y);
  for (const point of rest) context.lineTo(point.x, point.y);
  context.stroke();
  // A line without length is not drawn: where the brush was only set down there is a dot.
  context.beginPath();
  context.arc(first.x, first.y, width / 2, 0, 2 * Math.PI);
  context.fill();
  context.globalCompositeOperation = "source-over";
}

function changePixels(context: CanvasRenderingContext2D, { width, height }: HTMLCanvasElement, change: (pixels: Uint8ClampedArray, at: number) => void): void {
  const image = context.getImageData(0, 0, width, height);
  for (let at = 0; at < image.data.length; at += 4) change(image.data, at);
  context.putImageData(image, 0, 0);
}

function setPixel(pixels: Uint8ClampedArray, at: number, [red, green, blue]: Ink, opacity: number): void {
  pixels[at] = red;
  pixels[at + 1] = green;
  pixels[at + 2] = blue;
  pixels[at + 3] = opacity;
}

/** A colour weighed to grey, as the server weighs it. */
function grey(pixels: Uint8ClampedArray, at: number): number {
  return Math.round(0.299 * (pixels[at] ?? 0) + 0.587 * (pixels[at + 1] ?? 0) + 0.114 * (pixels[at + 2] ?? 0));
}

/** The mask as a grey PNG file, white inside. */
export async function pngOf(painted: HTMLCanvasElement): Promise<File> {
  const { width, height } = painted;
  const copy = new OffscreenCanvas(width, height);
  const context = copy.getContext("2d");
  const image = painted.getContext("2d")?.getImageData(0, 0, width, height);
  if (context === null || image === undefined) throw new Error("the browser draws nothing");
  for (let at = 0; at < image.data.length; at += 4) {
    const inside = image.data[at + 3] ?? 0;
    setPixel(image.data, at, [inside, inside, inside], 255);
  }
  context.putImageData(image, 0, 0);
  return new File([await copy.convertToBlob({ type: "image/png" })], "mask.png", { type: "image/png" });
}
