/** What may stand in an input, by the type and range that its port declares. */

import type { Port } from "./catalogue.ts";
import { curveIn } from "./curve.ts";
import { isList, type Json, numberIn } from "./json.ts";
import type { Said } from "../words/say.ts";
import { baseOf, isOptional, itemOf } from "./types.ts";

export const LARGEST_SEED = Number.MAX_SAFE_INTEGER;
/** What a seed is given as to be drawn anew for each run. */
export const RANDOM = "random";

/** How a value is edited. `wire` takes no value: what goes in comes from another node. */
export type Widget = "text" | "prompt" | "integer" | "number" | "seed" | "boolean" | "choice" | "color" | "file" | "curve" | "json" | "wire";

const WIDGETS: ReadonlyMap<string, Widget> = new Map([
  ["text", "text"],
  ["integer", "integer"],
  ["number", "number"],
  ["seed", "seed"],
  ["boolean", "boolean"],
  ["choice", "choice"],
  ["color", "color"],
  ["file", "file"],
  ["curve", "curve"],
  ["json", "json"],
]);
/** Texts of ports with these names are written in sentences. */
const PROMPTS: ReadonlySet<string> = new Set(["prompt", "negative_prompt", "text", "lyrics", "description"]);

export function widgetOf(port: Port): Widget {
  if (itemOf(port.type) !== undefined) return WIDGETS.has(baseOf(port.type)) ? "json" : "wire";
  const widget = WIDGETS.get(baseOf(port.type)) ?? "wire";
  if (port.choices.length > 0 && widget === "text") return "choice";
  const isLong = PROMPTS.has(port.name) || (port.maxLength ?? 0) > 500;
  if (widget === "text" && isLong) return "prompt";
  return widget === "json" && port.type !== "json" ? "json" : widget;
}

/** The value that an input has where nothing is given: the port's default, or undefined. */
export function fallbackOf(port: Port): Json | undefined {
  return port.default;
}

/** Why a port does not take a value, or undefined where it does. */
export function whyNot(port: Port, value: Json): Said | undefined {
  if (value === null) return isOptional(port.type) ? undefined : { key: "value.missing", values: {} };
  if (isList(value) && itemOf(port.type) !== undefined) {
    const item: Port = { ...port, type: itemOf(port.type) ?? "any" };
    return value.map((one) => whyNot(item, one)).find((said) => said !== undefined);
  }
  switch (baseOf(port.type)) {
    case "text":
    case "choice":
      return whyNoText(port, value);
    case "integer":
    case "number":
    case "seed":
      return whyNoNumber(port, value);
    case "boolean":
      return typeof value === "boolean" ? undefined : { key: "value.boolean", values: {} };
    case "color":
      return typeof value === "string" && /^#[0-9a-f]{6}$/.test(value) ? undefined : { key: "value.color", values: {} };
    case "curve":
      return whyNoCurve(port, value);
    case "file":
      return typeof value === "string" && value !== "" ? undefined : { key: "value.file", values: {} };
    default:
      return undefined;
  }
}

function whyNoCurve(port: Port, value: Json): Said | undefined {
  const curve = curveIn(value);
  if (curve === undefined) return { key: "value.curve", values: {} };
  const { minimum: least = -Infinity, maximum: most = Infinity } = port;
  return curve.points.every(([, y]) => y >= least && y <= most) ? undefined : { key: "value.heights", values: { least, most } };
}

function whyNoText(port: Port, value: Json): Said | undefined {
  if (typeof value !== "string") return { key: "value.text", values: {} };
  if (port.choices.length > 0 && !port.choices.includes(value)) {
    return { key: "value.choice", values: { choices: port.choices.slice(0, 8).join(", ") } };
  }
  const length = Array.from(value).length;
  if (port.minLength !== undefined && length < port.minLength) return { key: "value.short", values: { least: port.minLength } };
  if (port.maxLength !== undefined && length > port.maxLength) return { key: "value.long", values: { most: port.maxLength } };
  return undefined;
}

function whyNoNumber(port: Port, value: Json): Said | undefined {
  const word = baseOf(port.type);
  if (word === "seed" && value === RANDOM) return undefined;
  const number = numberIn(value);
  if (number === undefined) return { key: "value.number", values: {} };
  if (word !== "number" && !Number.isInteger(number)) return { key: "value.whole", values: {} };
  if (port.minimum !== undefined && number < port.minimum) return { key: "value.least", values: { least: port.minimum } };
  if (port.maximum !== undefined && number > port.maximum) return { key: "value.most", values: { most: port.maximum } };
  if (port.above !== undefined && number <= port.above) return { key: "value.above", values: { bound: port.above } };
  if (port.below !== undefined && number >= port.below) return { key: "value.below", values: { bound: port.below } };
  return undefined;
}

/** The nearest number that a port takes. */
export function clamped(port: Port, number: number): number {
  const isWhole = baseOf(port.type) !== "number";
  const whole = isWhole ? Math.round(number) : number;
  const nudge = isWhole ? 1 : (port.step ?? 1e-3);
  const least = port.minimum ?? (port.above === undefined ? -Infinity : port.above + nudge);
  const most = port.maximum ?? (port.below === undefined ? Infinity : port.below - nudge);
  return Math.min(most, Math.max(least, whole));
}

/** More steps than this are none that a hand can tell apart on a slider. */
const MOST_STEPS = 5000;

/** The ends of a range that a slider can show, or undefined where a port has none. */
export function rangeOf(port: Port): { readonly least: number; readonly most: number } | undefined {
  if (baseOf(port.type) === "seed") return undefined;
  const bound = port.minimum ?? port.above;
  const top = port.maximum ?? port.below;
  if (bound === undefined || top === undefined || top <= bound || (top - bound) / stepOf(port) > MOST_STEPS) return undefined;
  return { least: clamped(port, bound), most: clamped(port, top) };
}

/** By how much a number is moved at once: the declared step, else a hundredth of the range, a readable number. */
export function stepOf(port: Port): number {
  if (port.step !== undefined) return port.step;
  if (baseOf(port.type) !== "number") return 1;
  const least = port.minimum ?? port.above;
  const most = port.maximum ?? port.below;
  if (least === undefined || most === undefined) return 0.1;
  return 10 ** Math.floor(Math.log10((most - least) / 50));
}
