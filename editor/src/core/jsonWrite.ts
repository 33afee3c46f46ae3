/** Writes JSON as the engine does: for people with two spaces a level, for digests in the canonical form. */

import { Float, isList, isObject, type Json, type JsonNumber } from "./json.ts";

/** Two spaces a level, as saved files have it. */
export function pretty(value: Json): string {
  const parts: string[] = [];
  write(value, "\n", parts);
  return parts.join("");
}

function write(value: Json, line: string, parts: string[]): void {
  const inner = line + "  ";
  if (isList(value)) {
    value.forEach((item, at) => {
      parts.push(at === 0 ? "[" : ",", inner);
      write(item, inner, parts);
    });
    parts.push(value.length === 0 ? "[]" : line + "]");
  } else if (isObject(value)) {
    let mark = "{";
    for (const [key, item] of value) {
      parts.push(mark, inner, JSON.stringify(key), ": ");
      write(item, inner, parts);
      mark = ",";
    }
    parts.push(value.size === 0 ? "{}" : line + "}");
  } else {
    parts.push(typeof value === "number" || value instanceof Float ? numberText(value, "file") : JSON.stringify(value));
  }
}

/** The text that a digest is taken over: keys sorted by their UTF-8, no spaces. */
export function canonical(value: Json): string {
  if (isList(value)) return `[${value.map(canonical).join(",")}]`;
  if (isObject(value)) {
    const keys = [...value.keys()].sort(byCodePoint);
    return `{${keys.map((key) => `${canonicalText(key)}:${canonical(value.get(key) ?? null)}`).join(",")}}`;
  }
  if (typeof value === "string") return canonicalText(value);
  if (typeof value === "number" || value instanceof Float) return numberText(value, "canonical");
  return JSON.stringify(value);
}

function canonicalText(text: string): string {
  return JSON.stringify(text);
}

/** UTF-16 sorts surrogates before U+E000; UTF-8, which the engine sorts by, does not. */
function byCodePoint(a: string, b: string): number {
  const left = Array.from(a);
  const right = Array.from(b);
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const difference = (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/**
 * A number as the engine's writers put it. Both keep `.0` behind whole floats and use an exponent from 1e16 on; small
 * ones get an exponent below 1e-4 in files and below 1e-5 in digests, with two digits in files.
 */
export function numberText(number: JsonNumber, form: "file" | "canonical"): string {
  if (typeof number === "number" && Number.isInteger(number) && Math.abs(number) <= 2 ** 53) return String(number + 0);
  const value = typeof number === "number" ? number : number.value;
  if (value === 0) return "0.0";
  const [digits = "", exponentText = "0"] = Math.abs(value).toExponential().split("e");
  const exponent = Number(exponentText);
  const sign = value < 0 ? "-" : "";
  const smallest = form === "file" ? -4 : -5;
  if (exponent >= smallest && exponent < 16) return sign + positional(digits.replace(".", ""), exponent);
  const size = String(Math.abs(exponent)).padStart(form === "file" ? 2 : 1, "0");
  return `${sign}${digits}e${exponent < 0 ? "-" : "+"}${size}`;
}

function positional(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${whole}.${digits.slice(exponent + 1) || "0"}`;
}
