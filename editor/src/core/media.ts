/** What a file is read as, and which files are taken for it. */

import type { NodeType, Port } from "./catalogue.ts";
import { baseOf } from "./types.ts";

export const MEDIA = ["image", "mask", "audio", "mesh"] as const;
export type Media = (typeof MEDIA)[number];

/** What a chooser of files offers. */
export const ACCEPTED: Readonly<Record<Media, string>> = {
  image: "image/png,image/jpeg,image/webp",
  mask: "image/png,image/jpeg,image/webp",
  audio: "audio/*",
  mesh: ".glb,.gltf,.obj,.ply,.stl",
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
