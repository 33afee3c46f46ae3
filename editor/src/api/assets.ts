/** What runs made and what was uploaded: listed, and where each comes from. */

import * as v from "valibot";

import { ArtefactPage } from "./generated.ts";
import { API, type Answer, ask } from "./http.ts";

export interface AssetFilter {
  /** Any of these; none for all. */
  readonly types: readonly string[];
  readonly title?: string | undefined;
  /** Seconds since the epoch. */
  readonly since?: number | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

export function fetchAssets({ types, ...wanted }: AssetFilter): Promise<Answer<ArtefactPage>> {
  const asked = new URLSearchParams(types.map((type) => ["type", type]));
  for (const [name, value] of Object.entries(wanted)) if (value !== undefined) asked.set(name, String(value));
  return ask(`/artefacts?${asked}`, ArtefactPage);
}

const MANIFEST = v.object({
  title: v.string(),
  started: v.nullable(v.number()),
  parameters: v.record(v.string(), v.unknown()),
  graph: v.unknown(),
  calls: v.array(
    v.object({
      step: v.string(),
      node: v.string(),
      seconds: v.number(),
      cached: v.boolean(),
      outputs: v.optional(v.record(v.string(), v.unknown()), {}),
    }),
  ),
  models: v.array(v.object({ name: v.string(), repository: v.string(), revision: v.string(), license: v.string() })),
});
export type Manifest = v.InferOutput<typeof MANIFEST>;

export function fetchManifest(run: string): Promise<Answer<Manifest>> {
  return ask(`/runs/${encodeURIComponent(run)}/manifest`, MANIFEST);
}

/** Where the bytes of an artefact are, whose digest names its algorithm. */
export function bytesOf(digest: string): string {
  return `${API}/artefacts/${digest}/content`;
}

export function pictureOf(digest: string): string {
  return `${API}/artefacts/${digest}/thumbnail?size=256`;
}
