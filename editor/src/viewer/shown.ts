/** How a value is shown, and what is read out of one that is JSON. */

import type { Given } from "../api/calls.ts";

export type ShownAs = "model" | "motion" | "image" | "sound" | "video" | "text";

const AS: Readonly<Record<string, ShownAs>> = { mesh: "model", rig: "model", scene: "model", splat: "model", motion: "motion", image: "image", mask: "image", audio: "sound", wav: "sound", mp3: "sound", ogg: "sound", video: "video" };

const MODELS: ReadonlySet<string> = new Set(["model/gltf-binary", "application/x-ply", "application/x-spz"]);

/** How a value is shown; null where there is only its name and size. */
export function shownAs(given: Given): ShownAs | null {
  if (given.kind === "value") return typeof given.value === "object" && given.value !== null ? "text" : null;
  const found = AS[given.type];
  if (found !== undefined) return found === "model" && !MODELS.has(given.mediaType) ? null : found;
  return given.mediaType.startsWith("video/") ? "video" : null;
}

export interface Line {
  readonly label: string;
  readonly text: string;
}

/** What a JSON object says, a line for each of its keys that says anything. */
export function linesOf(value: unknown): readonly Line[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value)
    .map(([key, one]) => ({ label: key.replaceAll("_", " "), text: brief(one) }))
    .filter(({ text }) => text !== "");
}

const NAMES: readonly string[] = ["id", "name", "kind", "text", "subject"];

/** A value in few words: of things that are named, the names; of others, what is in them. */
function brief(value: unknown): string {
  if (value === null || value === undefined || value === false) return "";
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(Math.round(value * 1000) / 1000);
  if (value === true) return "✓";
  if (Array.isArray(value)) return value.map(named).filter((text) => text !== "").join(", ");
  return Object.values(value).map(brief).filter((text) => text !== "").join(", ");
}

function named(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return brief(value);
  const found = new Map<string, unknown>(Object.entries(value));
  const name = NAMES.map((key) => found.get(key)).find((one) => typeof one === "string" && one !== "");
  const count = found.get("count");
  if (typeof name !== "string") return brief(value);
  return typeof count === "number" && count > 1 ? `${String(count)} × ${name}` : name;
}
