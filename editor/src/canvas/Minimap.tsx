/** The whole graph in a corner, on a canvas of its own; a press there brings that place into view. */

import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";

import { rectOf } from "../core/geometry.ts";
import { wholeRect } from "../state/actions.ts";
import { documents, draftNow, typeOfNow } from "../state/documents.ts";
import { preferences, useSay } from "../state/preferences.ts";
import { statusBoard } from "../state/runs.ts";
import { views } from "../state/views.ts";

const WIDTH = 208;
const HEIGHT = 132;
const MARGIN = 8;

interface Scale {
  readonly by: number;
  readonly x: number;
  readonly y: number;
}

function scaleNow(): Scale {
  const whole = wholeRect() ?? { x: 0, y: 0, width: 1, height: 1 };
  const by = Math.min((WIDTH - 2 * MARGIN) / whole.width, (HEIGHT - 2 * MARGIN) / whole.height, 0.2);
  return { by, x: WIDTH / 2 - (whole.x + whole.width / 2) * by, y: HEIGHT / 2 - (whole.y + whole.height / 2) * by };
}

export function Minimap() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const flow = useStoreApi();
  const { setCenter, getZoom } = useReactFlow();
  const say = useSay();
  useEffect(() => {
    let frame = 0;
    const redraw = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        const { transform, width, height } = flow.getState();
        if (canvas.current !== null) draw(canvas.current, transform, width, height);
      });
    };
    const stops = [flow.subscribe(redraw), documents.subscribe(redraw), views.subscribe(redraw), preferences.subscribe(redraw), statusBoard.subscribeAll(redraw)];
    redraw();
    return () => {
      cancelAnimationFrame(frame);
      for (const stop of stops) stop();
    };
  }, [flow]);
  const go = (event: React.PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    const scale = scaleNow();
    void setCenter((event.clientX - box.x - scale.x) / scale.by, (event.clientY - box.y - scale.y) / scale.by, { zoom: getZoom() });
  };
  return (
    <canvas
      ref={canvas}
      className="minimap"
      style={{ width: WIDTH, height: HEIGHT }}
      role="img"
      aria-label={say("minimap")}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={(event) => {
        if (event.buttons === 1) go(event);
      }}
    />
  );
}

const STATE_TOKENS: Readonly<Record<string, string>> = { running: "--accent", done: "--ok", error: "--error" };

function draw(canvas: HTMLCanvasElement, [x, y, zoom]: readonly [number, number, number], width: number, height: number): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const ratio = window.devicePixelRatio;
  canvas.width = WIDTH * ratio;
  canvas.height = HEIGHT * ratio;
  const style = getComputedStyle(canvas);
  const scale = scaleNow();
  const selected = views.getState().nodes;
  const draft = draftNow();
  context.setTransform(ratio * scale.by, 0, 0, ratio * scale.by, ratio * scale.x, ratio * scale.y);
  for (const name of draft.graph.nodes.keys()) {
    const rect = rectOf(draft, typeOfNow, name);
    context.fillStyle = style.getPropertyValue(selected.has(name) ? "--accent" : (STATE_TOKENS[statusBoard.get(name).state] ?? "--edge"));
    context.fillRect(rect.x, rect.y, rect.width, rect.height);
  }
  context.lineWidth = 1.5 / scale.by;
  context.strokeStyle = style.getPropertyValue("--accent");
  context.strokeRect(-x / zoom, -y / zoom, width / zoom, height / zoom);
}
