/** The picture with its mask over it, painted by pointer, or by keyboard: arrows move the brush, Space sets it down. */

import { type KeyboardEvent, type PointerEvent, type Ref, useEffect, useImperativeHandle, useRef, useState } from "react";

import { contentOf } from "../api/runs.ts";
import type { MaskStep, MaskSteps } from "../core/maskSteps.ts";
import type { Point } from "../core/view.ts";
import { useSay } from "../state/preferences.ts";
import { type Ink, paintMask } from "./painting.ts";

export interface Tool {
  /** In pixels of the picture. */
  readonly width: number;
  readonly isErasing: boolean;
}

interface SurfaceProps {
  readonly ref: Ref<HTMLCanvasElement>;
  readonly picture: string;
  readonly before: string | undefined;
  readonly steps: MaskSteps;
  readonly tool: Tool;
  readonly onStep: (step: MaskStep) => void;
}

const INK: Ink = [255, 64, 110];
const ARROWS: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function MaskSurface({ ref, picture, before, steps, tool, onStep }: SurfaceProps) {
  const say = useSay();
  const canvas = useRef<HTMLCanvasElement>(null);
  useImperativeHandle<HTMLCanvasElement | null, HTMLCanvasElement | null>(ref, () => canvas.current);
  const stroke = useRef<Point[] | null>(null);
  const [size, setSize] = useState<{ readonly width: number; readonly height: number } | null>(null);
  const [brush, setBrush] = useState<Point | null>(null);
  const bitmap = useBitmap(before);
  const stepOf = (points: readonly Point[]): MaskStep => ({ kind: "stroke", points, width: tool.width, isErasing: tool.isErasing });
  useEffect(() => {
    if (canvas.current !== null && size !== null && stroke.current === null) paintMask(canvas.current, bitmap, steps.done, INK);
  }, [steps, bitmap, size]);
  const at = (event: PointerEvent): Point => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: ((event.clientX - box.x) / box.width) * (size?.width ?? 0), y: ((event.clientY - box.y) / box.height) * (size?.height ?? 0) };
  };
  const onKey = (event: KeyboardEvent) => {
    const arrow = ARROWS[event.key];
    const place = brush ?? { x: (size?.width ?? 0) / 2, y: (size?.height ?? 0) / 2 };
    if (arrow !== undefined) {
      const far = Math.max(1, tool.width / (event.shiftKey ? 1 : 4));
      setBrush({ x: Math.max(0, Math.min(size?.width ?? 0, place.x + arrow[0] * far)), y: Math.max(0, Math.min(size?.height ?? 0, place.y + arrow[1] * far)) });
    } else if (event.key === " ") {
      setBrush(place);
      onStep(stepOf([place]));
    } else return;
    event.preventDefault();
  };
  const finish = () => {
    const points = stroke.current;
    stroke.current = null;
    if (points !== null) onStep(stepOf(points));
  };
  return (
    <div className="mask-stage">
      <div className="mask-sheet" style={size === null ? undefined : { "--ratio": size.width / size.height, aspectRatio: `${String(size.width)} / ${String(size.height)}` }}>
        <img src={picture} alt={say("mask.picture")} draggable={false} onLoad={({ currentTarget }) => setSize({ width: currentTarget.naturalWidth, height: currentTarget.naturalHeight })} />
        {size !== null && (
          <canvas
            ref={canvas}
            width={size.width}
            height={size.height}
            tabIndex={0}
            role="img"
            aria-label={say("mask.surface", { width: size.width, height: size.height })}
            data-testid="mask-canvas"
            onKeyDown={onKey}
            onPointerDown={(event) => {
              if (event.button !== 0) return;
              event.currentTarget.setPointerCapture(event.pointerId);
              stroke.current = [at(event)];
              paintMask(event.currentTarget, bitmap, [...steps.done, stepOf(stroke.current)], INK);
            }}
            onPointerMove={(event) => {
              const point = at(event);
              setBrush(point);
              if (stroke.current === null) return;
              stroke.current.push(point);
              paintMask(event.currentTarget, bitmap, [...steps.done, stepOf(stroke.current)], INK);
            }}
            onPointerUp={finish}
            onPointerCancel={finish}
            onPointerLeave={() => setBrush(null)}
          />
        )}
        {size !== null && brush !== null && (
          <span
            className="mask-brush"
            aria-hidden="true"
            style={{ left: `${String((brush.x / size.width) * 100)}%`, top: `${String((brush.y / size.height) * 100)}%`, width: `${String((tool.width / size.width) * 100)}%` }}
          />
        )}
      </div>
    </div>
  );
}

/** A mask that was there before, as pixels. */
function useBitmap(digest: string | undefined): ImageBitmap | null {
  const [bitmap, setBitmap] = useState<ImageBitmap | null>(null);
  useEffect(() => {
    if (digest === undefined) return;
    let isOver = false;
    void fetch(contentOf(digest))
      .then(async (reply) => (reply.ok ? createImageBitmap(await reply.blob()) : null))
      .catch(() => null)
      .then((found) => {
        if (!isOver) setBitmap(found);
      });
    return () => {
      isOver = true;
    };
  }, [digest]);
  return bitmap;
}
