/** Whether bytes are a GLB that can be opened here without harm. */

import * as v from "valibot";

export type GlbFault = "malformed" | "large";

/** Bounds of what a page can hold: of a scene that is larger there is still a picture. */
const MOST_NODES = 100_000;
const MOST_VALUES = 60_000_000;
const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;

const COUNT = v.pipe(v.number(), v.integer(), v.minValue(0));
const DOCUMENT = v.object({
  asset: v.object({ version: v.string() }),
  nodes: v.optional(v.array(v.object({ children: v.optional(v.array(COUNT)) })), []),
  accessors: v.optional(v.array(v.object({ count: COUNT })), []),
  bufferViews: v.optional(v.array(v.object({ byteLength: COUNT, byteOffset: v.optional(COUNT, 0) })), []),
  buffers: v.optional(v.array(v.object({ byteLength: COUNT, uri: v.optional(v.string()) })), []),
  images: v.optional(v.array(v.object({ uri: v.optional(v.string()) })), []),
});

/** What is wrong with it, or null. */
export function glbFault(bytes: ArrayBuffer): GlbFault | null {
  const document = documentIn(bytes);
  if (document === null) return "malformed";
  const { nodes, accessors, bufferViews, buffers, images } = document;
  if (nodes.length > MOST_NODES || accessors.reduce((sum, { count }) => sum + count, 0) > MOST_VALUES) return "large";
  const isInside = bufferViews.every(({ byteOffset, byteLength }) => byteOffset + byteLength <= bytes.byteLength);
  // What lies elsewhere would be fetched: a file names nothing outside of itself.
  const isWhole = [...buffers, ...images].every(({ uri }) => uri === undefined || uri.startsWith("data:"));
  return isInside && isWhole && isTree(nodes.map(({ children }) => children ?? [])) ? null : "malformed";
}

function documentIn(bytes: ArrayBuffer): v.InferOutput<typeof DOCUMENT> | null {
  if (bytes.byteLength < 20) return null;
  const view = new DataView(bytes);
  const length = view.getUint32(12, true);
  const isGlb = view.getUint32(0, true) === MAGIC && view.getUint32(4, true) === 2 && view.getUint32(16, true) === JSON_CHUNK;
  if (!isGlb || view.getUint32(8, true) > bytes.byteLength || length > bytes.byteLength - 20) return null;
  try {
    const read = v.safeParse(DOCUMENT, JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 20, length))));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
}

/** Whether no node has two parents or hangs below itself. */
function isTree(children: readonly (readonly number[])[]): boolean {
  const parents = new Map<number, number>();
  for (const [parent, below] of children.entries()) {
    for (const child of below) {
      if (child >= children.length || parents.has(child)) return false;
      parents.set(child, parent);
    }
  }
  const settled = new Set<number>();
  for (const start of parents.keys()) {
    const path = new Set<number>();
    for (let at: number | undefined = start; at !== undefined && !settled.has(at); at = parents.get(at)) {
      if (path.has(at)) return false;
      path.add(at);
    }
    for (const one of path) settled.add(one);
  }
  return true;
}
