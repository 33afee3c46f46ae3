/** How large a node is and where its ports are: known from its type and what is wired to it, never measured, and never changed by a run. */

import { drawnInputs, type NodeType, type Port } from "./catalogue.ts";
import type { Draft } from "./draft.ts";
import { placeOf } from "./draft.ts";
import type { GraphNode, Wire } from "./graph.ts";
import { baseOf } from "./types.ts";
import type { Frame, Place, Point } from "./view.ts";
import { widgetOf } from "./values.ts";

export const WIDTH = 260;
export const HEADER = 36;
/** The line that shows progress, below the header. */
export const LINE = 2;
export const PADDING = 6;
export const ROW = 24;
export const PROMPT = 84;
/** A curve, below its name. */
export const CURVE = 76;
export const PREVIEW = 140;
export const WAVE = 48;
export const FOOTER = 24;
/** Distance of stacked ports on a collapsed node. */
const STACK = 12;
export const FRAME_PADDING = 20;
export const FRAME_TITLE = 32;

export interface Rect extends Point {
  readonly width: number;
  readonly height: number;
}

/** A row of a node's body: an input with its control, or an input and an output that only take wires. */
export interface Row {
  readonly top: number;
  readonly height: number;
  readonly input: Port | null;
  readonly output: string | null;
}

export interface Shape {
  readonly width: number;
  readonly height: number;
  readonly rows: readonly Row[];
  /** Where the preview begins, and how high it is: 0 where the node has none. */
  readonly previewTop: number;
  readonly previewHeight: number;
  readonly inputs: ReadonlyMap<string, number>;
  readonly outputs: ReadonlyMap<string, number>;
}

const PICTURED: ReadonlySet<string> = new Set(["image", "mask", "mesh", "rig", "scene", "video", "splat", "motion"]);
const HEARD: ReadonlySet<string> = new Set(["audio", "wav"]);
/** Values that are shown as text: what was read out of a sentence. */
const TOLD: ReadonlySet<string> = new Set(["scene_plan", "music_spec", "character_spec", "object_spec"]);

const shapes = new WeakMap<NodeType, { open: Shape; collapsed: Shape }>();

/** The shape of a node type, made once; of a type as it is used, without what that hides. */
export function shapeOf(type: NodeType, isCollapsed: boolean): Shape {
  let known = shapes.get(type);
  if (known === undefined) {
    known = { open: openShape(type), collapsed: collapsedShape(type) };
    shapes.set(type, known);
  }
  return isCollapsed ? known.collapsed : known.open;
}

/** The shape of a node whose type is not there: the inputs and outputs that the graph knows of. */
export function missingType(type: string, node: GraphNode, outputs: Iterable<string>): NodeType {
  return {
    id: type,
    title: type,
    version: node.version ?? 1,
    category: "",
    help: "",
    inputs: [...node.inputs.keys()].map((name) => ({ name, type: "any", help: "", unit: "", choices: [], isLazy: false })),
    outputs: [...new Set(outputs)].map((name) => ({ name, type: "any" })),
    seconds: 0,
    vramGib: 0,
    models: [],
    isVolatile: false,
  };
}

function openShape(type: NodeType): Shape {
  const drawn = drawnInputs(type);
  const bare = drawn.filter((port) => widgetOf(port) === "wire");
  const edited = drawn.filter((port) => widgetOf(port) !== "wire");
  const rows: Row[] = [];
  let top = HEADER + LINE + PADDING;
  for (let at = 0; at < Math.max(bare.length, type.outputs.length); at += 1) {
    rows.push({ top, height: ROW, input: bare[at] ?? null, output: type.outputs[at]?.name ?? null });
    top += ROW;
  }
  for (const port of edited) {
    const widget = widgetOf(port);
    const height = widget === "prompt" ? PROMPT : widget === "curve" ? CURVE : ROW + 4;
    rows.push({ top, height, input: port, output: null });
    top += height;
  }
  const previewHeight = previewOf(type);
  const previewTop = top + PADDING;
  const bottom = previewHeight === 0 ? top + PADDING : previewTop + previewHeight + PADDING;
  const inputs = new Map<string, number>();
  const outputs = new Map<string, number>();
  for (const row of rows) {
    if (row.input !== null) inputs.set(row.input.name, row.top + portOffset(row));
    if (row.output !== null) outputs.set(row.output, row.top + ROW / 2);
  }
  return { width: WIDTH, height: upToGrid(bottom + FOOTER), rows, previewTop, previewHeight, inputs, outputs };
}

function portOffset(row: Row): number {
  return row.height > ROW + 4 ? ROW / 2 : row.height / 2;
}

function previewOf(type: NodeType): number {
  return isAnyOf(type, PICTURED) || isTold(type) ? PREVIEW : isHeard(type) ? WAVE : 0;
}

function isAnyOf(type: NodeType, words: ReadonlySet<string>): boolean {
  return type.outputs.some((output) => words.has(baseOf(output.type)));
}

/** Whether a node's preview is a wave form: it gives sound, and nothing to be seen. */
export function isHeard(type: NodeType): boolean {
  return isAnyOf(type, HEARD) && !isAnyOf(type, PICTURED) && !isTold(type);
}

/** Whether a node's preview is text. */
export function isTold(type: NodeType): boolean {
  return isAnyOf(type, TOLD) && !isAnyOf(type, PICTURED);
}

function collapsedShape(type: NodeType): Shape {
  const drawn = drawnInputs(type);
  const most = Math.max(drawn.length, type.outputs.length, 1);
  const height = upToGrid(Math.max(HEADER, most * STACK + 8));
  const stacked = (names: readonly string[]) =>
    new Map(names.map((name, at) => [name, height / 2 + (at - (names.length - 1) / 2) * STACK]));
  return {
    width: WIDTH,
    height,
    rows: [],
    previewTop: 0,
    previewHeight: 0,
    inputs: stacked(drawn.map((port) => port.name)),
    outputs: stacked(type.outputs.map((output) => output.name)),
  };
}

function upToGrid(length: number): number {
  return Math.ceil(length / 4) * 4;
}

/** What tells a node's type, known or not. */
export type TypeOf = (name: string) => NodeType;

export function rectOf(draft: Draft, typeOf: TypeOf, name: string, at?: Point): Rect {
  const place = placeOf(draft, name);
  const shape = shapeOf(typeOf(name), place.isCollapsed);
  return { x: at?.x ?? place.x, y: at?.y ?? place.y, width: shape.width, height: shape.height };
}

/** Where a port is on the canvas; the middle of the node's edge where it does not have it. */
export function portPoint(type: NodeType, place: Place, port: string, side: "in" | "out"): Point {
  const shape = shapeOf(type, place.isCollapsed);
  const y = (side === "in" ? shape.inputs : shape.outputs).get(port) ?? shape.height / 2;
  return { x: place.x + (side === "in" ? 0 : shape.width), y: place.y + y };
}

export function wirePoints(draft: Draft, typeOf: TypeOf, from: Wire, to: Wire): readonly [Point, Point] {
  return [
    portPoint(typeOf(from.node), placeOf(draft, from.node), from.port, "out"),
    portPoint(typeOf(to.node), placeOf(draft, to.node), to.port, "in"),
  ];
}

/** The rectangle around others. */
export function around(rects: Iterable<Rect>): Rect | undefined {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const rect of rects) {
    left = Math.min(left, rect.x);
    top = Math.min(top, rect.y);
    right = Math.max(right, rect.x + rect.width);
    bottom = Math.max(bottom, rect.y + rect.height);
  }
  return left === Infinity ? undefined : { x: left, y: top, width: right - left, height: bottom - top };
}

/** The rectangle of a frame: what it holds, a margin, and room for its title. */
export function frameRect(draft: Draft, typeOf: TypeOf, frame: Frame): Rect | undefined {
  const held = around(frame.members.filter((name) => draft.graph.nodes.has(name)).map((name) => rectOf(draft, typeOf, name)));
  if (held === undefined) return undefined;
  return {
    x: held.x - FRAME_PADDING,
    y: held.y - FRAME_PADDING - FRAME_TITLE,
    width: held.width + 2 * FRAME_PADDING,
    height: held.height + 2 * FRAME_PADDING + FRAME_TITLE,
  };
}

export function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

export function contains(rect: Rect, point: Point): boolean {
  return point.x >= rect.x && point.x <= rect.x + rect.width && point.y >= rect.y && point.y <= rect.y + rect.height;
}

/** Whether any two of the rectangles overlap; in time that grows with how many stand above each other. */
export function anyOverlap(rects: readonly Rect[]): boolean {
  const sorted = rects.toSorted((a, b) => a.x - b.x);
  return sorted.some((rect, at) => {
    for (let next = at + 1; next < sorted.length; next += 1) {
      const other = sorted[next];
      if (other === undefined || other.x >= rect.x + rect.width) return false;
      if (overlap(rect, other)) return true;
    }
    return false;
  });
}
