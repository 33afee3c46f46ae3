/** What a file is read as, and which files are taken for it. */

import type { NodeType, Port } from "./catalogue.ts";
import { baseOf } from "./types.ts";

export const MEDIA = ["image", "mask", "audio", "mesh", "splat"] as const;
export type Media = (typeof MEDIA)[number];

/** What a chooser of files offers. */
export const ACCEPTED: Readonly<Record<Media, string>> = {
  image: "image/png,image/jpeg,image/webp",
  mask: "image/png,image/jpeg,image/webp",
  audio: "audio/*",
  mesh: ".glb,.gltf,.obj,.ply,.stl",
  splat: ".ply,.splat,.spz",
};

/** What a node reads a file as: what it gives says it. */
export function mediaOf(type: NodeType, port: Port): Media | null {
  if (baseOf(port.type) !== "file") return null;
  return MEDIA.find((media) => type.outputs.some((output) => baseOf(output.type) === media)) ?? null;
}

/** The digest in a value that names an artefact of the server, without its algorithm; undefined for paths. */
export function digestIn(value: unknown): string | undefined {
  return typeof value === "string" ? /^blake3:([0-9a-f]{64})$/.exec(value)?.[1] : undefined;
}

const PICTURED: readonly string[] = ["image", "mask", "mesh", "rig", "motion", "scene", "splat", "audio"];
const PICTURE_NAME = /\.(png|jpe?g|webp)$/i;

interface Bytes {
  readonly type: string;
  readonly mediaType: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Whether the server makes a small picture of an artefact: of a zip it does where there is a picture inside. */
export function isPictured({ type, mediaType, facts }: Bytes): boolean {
  if (PICTURED.includes(type) || mediaType.startsWith("audio/")) return true;
  const { files } = facts;
  return Array.isArray(files) && files.some((name) => typeof name === "string" && PICTURE_NAME.test(name));
}
