/** JSON as the engine reads it: whole floats stay floats, keys keep their order, none is named twice. */

/** A float whose value is whole. `1.0` and `1` are two texts, and documents are known by their text. */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

export type JsonNumber = number | Float;
export type Json = null | boolean | string | JsonNumber | readonly Json[] | JsonObject;
export interface JsonObject extends ReadonlyMap<string, Json> {
  readonly size: number;
}

export const LARGEST_INTEGER = 2 ** 53;
/** Nesting of a value; the engine refuses deeper ones. */
export const MOST_DEPTH = 64;

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return value instanceof Map;
}

/** The number that a value is, or undefined where it is none. */
export function numberIn(value: Json | undefined): number | undefined {
  if (typeof value === "number") return value;
  return value instanceof Float ? value.value : undefined;
}

/** Whether two values are written alike. */
export function isSame(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (a instanceof Float && b instanceof Float) return a.value === b.value;
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, at) => isSame(item, b[at]));
  if (isObject(a) && isObject(b)) {
    return a.size === b.size && [...a].every(([key, item]) => b.has(key) && isSame(item, b.get(key)));
  }
  return false;
}

/** A value in its normal form: text in NFC, no negative zero. */
export function normal(value: Json): Json {
  if (typeof value === "string") return value.normalize("NFC");
  if (typeof value === "number") return value + 0;
  if (value instanceof Float) return Object.is(value.value, -0) ? new Float(0) : value;
  if (isList(value)) return value.map(normal);
  if (isObject(value)) return new Map([...value].map(([key, item]) => [key.normalize("NFC"), normal(item)]));
  return value;
}

/** How deep lists and objects are nested. */
export function depthOf(value: Json): number {
  const items = isList(value) ? value : isObject(value) ? [...value.values()] : undefined;
  if (items === undefined) return 0;
  return 1 + items.reduce<number>((deepest, item) => Math.max(deepest, depthOf(item)), 0);
}

/** A value as plain JavaScript gives it, in the form that documents hold. */
export function jsonOf(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean" || typeof value === "string" || typeof value === "number") return value;
  if (Array.isArray(value)) return value.map(jsonOf);
  return new Map(Object.entries(value).map(([key, item]) => [key, jsonOf(item)]));
}

/** A JSON pointer (RFC 6901). */
export function pointer(...steps: readonly (string | number)[]): string {
  return steps.map((step) => "/" + String(step).replaceAll("~", "~0").replaceAll("/", "~1")).join("");
}
