/** Where things stand on the canvas: positions, frames, notes, reroutes, colours. No key depends on any of it. */

import { isList, isObject, type Json, type JsonObject, numberIn } from "./json.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Colours that frames, notes and nodes may have; what each looks like is the theme's. */
export const TINTS = ["grey", "blue", "green", "yellow", "orange", "red", "violet"] as const;
export type Tint = (typeof TINTS)[number];

export interface Place extends Point {
  readonly isCollapsed: boolean;
  readonly tint: Tint | null;
}

/** A frame around nodes: as large as what it holds. */
export interface Frame {
  readonly title: string;
  readonly tint: Tint;
  readonly members: readonly string[];
}

export interface Note extends Point {
  readonly text: string;
  readonly width: number;
  readonly height: number;
  readonly tint: Tint;
}

export interface View {
  readonly places: ReadonlyMap<string, Place>;
  readonly frames: ReadonlyMap<string, Frame>;
  readonly notes: ReadonlyMap<string, Note>;
  /** For an input, written `node.port`, the points that its wire goes through. */
  readonly reroutes: ReadonlyMap<string, readonly Point[]>;
  /** Inputs, written `node.port`, whose wires are drawn at their ends alone. */
  readonly hidden: readonly string[];
  /** Inputs, written `node.port`, that are shown in the form. */
  readonly form: readonly string[];
  /** Seeds, written `node.port`, that are counted up after each run. */
  readonly counting: readonly string[];
  /** What others wrote into the view; kept as it is. */
  readonly rest: JsonObject;
}

export const EMPTY_VIEW: View = {
  places: new Map(),
  frames: new Map(),
  notes: new Map(),
  reroutes: new Map(),
  hidden: [],
  form: [],
  counting: [],
  rest: new Map(),
};

/** Keys beside those of nodes begin with a sign that no name begins with. */
const FRAMES = "$frames";
const NOTES = "$notes";
const REROUTES = "$reroutes";
const HIDDEN = "$hidden";
const FORM = "$form";
const COUNTING = "$counting";

/** The view in a document. What it does not know it keeps; it has no faults, since nothing depends on it. */
export function readView(json: Json, nodes: ReadonlyMap<string, unknown>): View {
  if (!isObject(json)) return EMPTY_VIEW;
  const places = new Map<string, Place>();
  const rest = new Map<string, Json>();
  for (const [key, value] of json) {
    const place = nodes.has(key) ? readPlace(value) : undefined;
    if (place !== undefined) places.set(key, place);
    else if (![FRAMES, NOTES, REROUTES, HIDDEN, FORM, COUNTING].includes(key)) rest.set(key, value);
  }
  return {
    places,
    rest,
    frames: readEach(json.get(FRAMES), readFrame),
    notes: readEach(json.get(NOTES), readNote),
    reroutes: readEach(json.get(REROUTES), readPoints),
    hidden: readTexts(json.get(HIDDEN)),
    form: readTexts(json.get(FORM)),
    counting: readTexts(json.get(COUNTING)),
  };
}

/** The view as JSON, or null where there is nothing in it. */
export function viewJson(view: View): Json {
  const written = new Map<string, Json>();
  for (const [name, place] of view.places) written.set(name, placeJson(place));
  for (const [key, value] of view.rest) written.set(key, value);
  if (view.frames.size > 0) written.set(FRAMES, each(view.frames, frameJson));
  if (view.notes.size > 0) written.set(NOTES, each(view.notes, noteJson));
  if (view.reroutes.size > 0) written.set(REROUTES, each(view.reroutes, (points) => points.map(pointJson)));
  if (view.hidden.length > 0) written.set(HIDDEN, view.hidden);
  if (view.form.length > 0) written.set(FORM, view.form);
  if (view.counting.length > 0) written.set(COUNTING, view.counting);
  return written.size > 0 ? written : null;
}

function readEach<T>(json: Json | undefined, read: (value: Json) => T | undefined): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  if (!isObject(json)) return found;
  for (const [key, value] of json) {
    const one = read(value);
    if (one !== undefined) found.set(key, one);
  }
  return found;
}

function readTexts(json: Json | undefined): readonly string[] {
  return isList(json) ? json.filter((one) => typeof one === "string") : [];
}

function readPoint(json: Json | undefined): Point | undefined {
  if (!isList(json)) return undefined;
  const x = numberIn(json[0]);
  const y = numberIn(json[1]);
  return x === undefined || y === undefined ? undefined : { x, y };
}

function readPlace(json: Json): Place | undefined {
  const bare = readPoint(json);
  if (bare !== undefined) return { ...bare, isCollapsed: false, tint: null };
  if (!isObject(json)) return undefined;
  const point = readPoint(json.get("at"));
  if (point === undefined) return undefined;
  return { ...point, isCollapsed: json.get("collapsed") === true, tint: readTint(json.get("tint")) };
}

function readTint(json: Json | undefined): Tint | null {
  return TINTS.find((tint) => tint === json) ?? null;
}

function readFrame(json: Json): Frame | undefined {
  if (!isObject(json)) return undefined;
  return {
    title: textIn(json.get("title")),
    tint: readTint(json.get("tint")) ?? "grey",
    members: readTexts(json.get("nodes")),
  };
}

function readNote(json: Json): Note | undefined {
  if (!isObject(json)) return undefined;
  const point = readPoint(json.get("at"));
  const size = readPoint(json.get("size")) ?? { x: 240, y: 120 };
  if (point === undefined) return undefined;
  const tint = readTint(json.get("tint")) ?? "yellow";
  return { ...point, width: size.x, height: size.y, text: textIn(json.get("text")), tint };
}

function readPoints(json: Json): readonly Point[] | undefined {
  if (!isList(json)) return undefined;
  const points = json.map(readPoint).filter((point) => point !== undefined);
  return points.length > 0 ? points : undefined;
}

function textIn(json: Json | undefined): string {
  return typeof json === "string" ? json : "";
}

function pointJson(point: Point): Json {
  return [point.x, point.y];
}

function placeJson(place: Place): Json {
  if (!place.isCollapsed && place.tint === null) return pointJson(place);
  const written = new Map<string, Json>([["at", pointJson(place)]]);
  if (place.isCollapsed) written.set("collapsed", true);
  if (place.tint !== null) written.set("tint", place.tint);
  return written;
}

function frameJson(frame: Frame): Json {
  return new Map<string, Json>([["title", frame.title], ["tint", frame.tint], ["nodes", frame.members]]);
}

function noteJson(note: Note): Json {
  const size = [note.width, note.height];
  return new Map<string, Json>([["text", note.text], ["at", pointJson(note)], ["size", size], ["tint", note.tint]]);
}

function each<T>(given: ReadonlyMap<string, T>, written: (value: T) => Json): Json {
  return new Map([...given].map(([name, value]) => [name, written(value)]));
}
