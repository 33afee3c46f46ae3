/** What a port type looks like: colour and shape of its family. The name always stands beside it in words. */

import type { TypeTable } from "../core/types.ts";
import { baseOf, isOptional, itemOf } from "../core/types.ts";

export const FAMILIES = [
  "text", "number", "image", "mask", "video", "mesh", "material", "rig", "audio", "splat", "camera", "scene", "structure",
] as const;
export type Family = (typeof FAMILIES)[number];

/** Circle for values, square for what is flat, diamond for what is solid, hexagon for what lasts. */
export type PortShape = "circle" | "square" | "diamond" | "hexagon";

const FAMILY: Readonly<Record<string, Family>> = {
  text: "text", choice: "text", color: "text",
  integer: "number", number: "number", boolean: "number", seed: "number", file: "number", any: "number",
  image: "image", mask: "mask", video: "video",
  mesh: "mesh", material: "material", rig: "rig", motion: "rig", splat: "splat",
  audio: "audio", wav: "audio", mp3: "audio", ogg: "audio",
  camera: "camera", light: "camera", scene: "scene", bundle: "number",
};

const SHAPE: Readonly<Record<Family, PortShape>> = {
  text: "circle", number: "circle", structure: "circle",
  image: "square", mask: "square",
  mesh: "diamond", material: "diamond", rig: "diamond", splat: "diamond", camera: "diamond", scene: "diamond",
  video: "hexagon", audio: "hexagon",
};

export interface PortLook {
  readonly family: Family;
  readonly shape: PortShape;
  readonly isList: boolean;
  readonly isOptional: boolean;
}

const looks = new Map<string, PortLook>();

/** The look of a type; a word that is not known here is a structure where it fits JSON, else plain. */
export function lookOf(type: string, table: TypeTable): PortLook {
  const known = looks.get(type);
  if (known !== undefined) return known;
  const word = baseOf(type);
  const family = FAMILY[word] ?? (word === "json" || table.get(word)?.has("json") === true ? "structure" : "number");
  const look: PortLook = {
    family,
    shape: word === "motion" ? "hexagon" : SHAPE[family],
    isList: itemOf(type) !== undefined,
    isOptional: isOptional(type),
  };
  if (table.size > 0) looks.set(type, look);
  return look;
}

/** The colour of a type, as a CSS value. */
export function colorOf(type: string, table: TypeTable): string {
  return `var(--port-${lookOf(type, table).family})`;
}

/** The outline of a shape in a box of 12 by 12, its middle at 6, 6. */
export const OUTLINES: Readonly<Record<PortShape, string>> = {
  circle: "M6 2a4 4 0 1 1 0 8a4 4 0 1 1 0-8Z",
  square: "M2.5 2.5h7v7h-7Z",
  diamond: "M6 1.2 10.8 6 6 10.8 1.2 6Z",
  hexagon: "M3.6 1.9h4.8L10.8 6 8.4 10.1H3.6L1.2 6Z",
};
