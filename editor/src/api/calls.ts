/** What single calls of a run gave, by the keys that its events name. */

import * as v from "valibot";

import { type Answer, ask } from "./http.ts";

/** A value between nodes: bytes in a standard format, or JSON. */
export type Given =
  | { readonly kind: "artefact"; readonly digest: string; readonly type: string; readonly mediaType: string; readonly facts: Readonly<Record<string, unknown>> }
  | { readonly kind: "value"; readonly value: unknown };

/** One value that an output gave; of a list, each of its items is one. */
export interface Part {
  readonly port: string;
  readonly item: number;
  readonly given: Given;
}

const ARTEFACT = v.object({
  kind: v.literal("artefact"),
  digest: v.string(),
  type: v.string(),
  media_type: v.string(),
  facts: v.record(v.string(), v.unknown()),
});
const VALUE = v.object({ kind: v.literal("value"), value: v.unknown() });
const LIST = v.object({ kind: v.literal("list"), items: v.array(v.unknown()) });
const RESULT = v.variant("kind", [ARTEFACT, VALUE, LIST]);
const CALL = v.object({ outputs: v.record(v.string(), v.unknown()) });

export async function fetchCall(key: string): Promise<Answer<readonly Part[]>> {
  const reply = await ask(`/calls/${encodeURIComponent(key)}`, CALL);
  if (!reply.isOk) return reply;
  return { isOk: true, value: Object.entries(reply.value.outputs).flatMap(([port, result]) => partsOf(port, result)) };
}

/** The values in a result, those of lists in lists one after the other. */
export function partsOf(port: string, result: unknown): readonly Part[] {
  return givenIn(result).map((given, item) => ({ port, item, given }));
}

function givenIn(result: unknown): readonly Given[] {
  const read = v.safeParse(RESULT, result);
  if (!read.success) return [];
  const found = read.output;
  switch (found.kind) {
    case "artefact":
      return [{ kind: "artefact", digest: bare(found.digest), type: found.type, mediaType: found.media_type, facts: found.facts }];
    case "value":
      return [{ kind: "value", value: found.value }];
    case "list":
      return found.items.flatMap(givenIn);
  }
}

function bare(digest: string): string {
  return digest.replace(/^blake3:/, "");
}
