/** The graph from afar, drawn on one canvas: frames, wires, nodes in the colour of their state, names where there is room. */

import { useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";

import { frameRect, type Rect, rectOf, wirePoints } from "../core/geometry.ts";
import { linksOf, wireText } from "../core/graph.ts";
import { documents, draftNow, sceneNow, staleIn, typeOfNow } from "../state/documents.ts";
import { preferences } from "../state/preferences.ts";
import { statusBoard } from "../state/runs.ts";
import { views } from "../state/views.ts";
import { lookOf } from "../theme/ports.ts";
import { drawWire } from "./wirePath.ts";

/** Below this zoom names would be too small to read. */
const NAMED = 0.16;
const DETAILED = 0.24;

type Colors = (token: string) => string;

export function Overview() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const flow = useStoreApi();
  useEffect(() => {
    let frame = 0;
    const redraw = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        if (canvas.current !== null) draw(canvas.current, flow.getState().transform);
      });
    };
    const size = new ResizeObserver(redraw);
    if (canvas.current !== null) size.observe(canvas.current);
    const stops = [flow.subscribe(redraw), documents.subscribe(redraw), views.subscribe(redraw), preferences.subscribe(redraw), statusBoard.subscribeAll(redraw)];
    redraw();
    return () => {
      cancelAnimationFrame(frame);
      size.disconnect();
      for (const stop of stops) stop();
    };
  }, [flow]);
  return <canvas ref={canvas} className="overview" aria-hidden="true" />;
}

function draw(canvas: HTMLCanvasElement, [x, y, zoom]: readonly [number, number, number]): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const ratio = window.devicePixelRatio;
  const { clientWidth: width, clientHeight: height } = canvas;
  if (canvas.width !== width * ratio || canvas.height !== height * ratio) {
    canvas.width = width * ratio;
    canvas.height = height * ratio;
  }
  const style = getComputedStyle(canvas);
  const known = new Map<string, string>();
  const colors: Colors = (token) => {
    const found = known.get(token) ?? style.getPropertyValue(`--${token}`);
    known.set(token, found);
    return found;
  };
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.setTransform(ratio * zoom, 0, 0, ratio * zoom, ratio * x, ratio * y);
  const seen = { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
  paintGraph(context, seen, zoom, colors);
}

/** Draw all of the graph that lies in a rectangle. */
export function paintGraph(context: CanvasRenderingContext2D, seen: Rect, zoom: number, colors: Colors): void {
  const draft = draftNow();
  for (const frame of draft.view.frames.values()) {
    const rect = frameRect(draft, typeOfNow, frame);
    if (rect !== undefined && isSeen(rect, seen)) {
      context.globalAlpha = 0.12;
      context.fillStyle = colors(`tint-${frame.tint}`);
      fillRound(context, rect, 12);
    }
  }
  paintWires(context, seen, zoom, colors);
  context.globalAlpha = 1;
  const stale = staleIn(documents.getState());
  const selected = views.getState().nodes;
  for (const name of draft.graph.nodes.keys()) {
    const rect = rectOf(draft, typeOfNow, name);
    if (isSeen(rect, seen)) paintNode(context, name, rect, zoom, colors, selected.has(name), stale.has(name));
  }
}

/** Wires of one colour are one path: a thousand strokes cost more than their points. */
function paintWires(context: CanvasRenderingContext2D, seen: Rect, zoom: number, colors: Colors): void {
  const draft = draftNow();
  const { typing, catalogue } = sceneNow();
  const paths = new Map<string, (readonly { x: number; y: number }[])[]>();
  const hidden = new Set(draft.view.hidden);
  for (const { from, to } of linksOf(draft.graph)) {
    if (hidden.has(wireText(to))) continue;
    const [start, end] = wirePoints(draft, typeOfNow, from, to);
    if (!isSeen(spanOf(start, end), seen)) continue;
    const { family } = lookOf(typing.get(from.node)?.get(from.port) || "any", catalogue.types);
    const list = paths.get(family) ?? [];
    list.push([start, ...(draft.view.reroutes.get(wireText(to)) ?? []), end]);
    paths.set(family, list);
  }
  context.globalAlpha = 0.7;
  context.lineWidth = Math.max(2, 1 / zoom);
  for (const [family, list] of paths) {
    context.strokeStyle = colors(`port-${family}`);
    context.beginPath();
    for (const points of list) drawWire(context, points);
    context.stroke();
  }
}

function spanOf(a: { x: number; y: number }, b: { x: number; y: number }): Rect {
  return { x: Math.min(a.x, b.x) - 80, y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x) + 160, height: Math.abs(a.y - b.y) + 1 };
}

const STATE_TOKENS: Readonly<Record<string, string>> = { running: "accent", done: "ok", error: "error", queued: "muted", cached: "muted" };

function paintNode(context: CanvasRenderingContext2D, name: string, rect: Rect, zoom: number, colors: Colors, isSelected: boolean, isStale: boolean): void {
  const draft = draftNow();
  const type = typeOfNow(name);
  const { state, fraction } = statusBoard.get(name);
  const isBypassed = draft.graph.nodes.get(name)?.isBypassed === true;
  context.globalAlpha = isBypassed ? 0.45 : 1;
  context.fillStyle = colors("node");
  fillRound(context, rect, 8);
  const token = isSelected ? "accent" : isStale ? "warn" : (STATE_TOKENS[state] ?? "edge");
  context.strokeStyle = colors(token);
  context.lineWidth = (isSelected || token !== "edge" ? 2 : 1) / zoom;
  context.stroke();
  const { family } = lookOf(type.outputs[0]?.type ?? "any", sceneNow().catalogue.types);
  context.fillStyle = colors(`port-${family}`);
  context.fillRect(rect.x + 8, rect.y + 8, 6, Math.min(rect.height - 16, 40));
  if (state === "running") {
    context.fillStyle = colors("accent");
    context.fillRect(rect.x, rect.y + rect.height - 10, rect.width * fraction, 10);
  }
  if (zoom < NAMED) return;
  const size = Math.min(30, 11 / zoom);
  context.font = `600 ${String(size)}px system-ui, sans-serif`;
  context.fillStyle = colors("text");
  context.textBaseline = "middle";
  const left = rect.x + 24;
  const middle = rect.y + 12 + size / 2;
  context.fillText(shortened(context, name, rect.width - 40), left, middle);
  if (rect.height < 3 * size + 24 || zoom < DETAILED) return;
  context.font = `${String(size)}px system-ui, sans-serif`;
  context.fillStyle = colors("muted");
  context.fillText(shortened(context, type.title, rect.width - 40), left, middle + size * 1.35);
}

function shortened(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let end = text.length;
  while (end > 1 && context.measureText(`${text.slice(0, end)}…`).width > width) end -= 1;
  return `${text.slice(0, end)}…`;
}

function fillRound(context: CanvasRenderingContext2D, rect: Rect, radius: number): void {
  context.beginPath();
  context.roundRect(rect.x, rect.y, rect.width, rect.height, radius);
  context.fill();
}

function isSeen(rect: Rect, seen: Rect): boolean {
  return rect.x < seen.x + seen.width && seen.x < rect.x + rect.width && rect.y < seen.y + seen.height && seen.y < rect.y + rect.height;
}
