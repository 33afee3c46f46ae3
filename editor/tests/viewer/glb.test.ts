import { describe, expect, it } from "vitest";

import { glbFault } from "../../src/viewer/glb.ts";

function glb(document: unknown, { magic = "glTF", version = 2, length = -1 } = {}): ArrayBuffer {
  const text = new TextEncoder().encode(typeof document === "string" ? document : JSON.stringify(document));
  const bytes = new Uint8Array(20 + text.length);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(magic));
  view.setUint32(4, version, true);
  view.setUint32(8, bytes.length, true);
  view.setUint32(12, length < 0 ? text.length : length, true);
  bytes.set(new TextEncoder().encode("JSON"), 16);
  bytes.set(text, 20);
  return bytes.buffer;
}

const ASSET = { asset: { version: "2.0" } };
const CHAIN = Array.from({ length: 1000 }, (_, number) => (number < 999 ? { children: [number + 1] } : {}));

const CASES: readonly (readonly [string, ArrayBuffer, string | null])[] = [
  ["an empty document", glb(ASSET), null],
  ["a long chain of nodes", glb({ ...ASSET, nodes: CHAIN }), null],
  ["a picture within", glb({ ...ASSET, images: [{ uri: "data:image/png;base64," }] }), null],
  ["no bytes", new ArrayBuffer(0), "malformed"],
  ["a picture", new TextEncoder().encode("\x89PNG\r\n\x1a\n and twenty bytes more").buffer, "malformed"],
  ["another mark", glb(ASSET, { magic: "glTG" }), "malformed"],
  ["another version", glb(ASSET, { version: 1 }), "malformed"],
  ["a text that is longer than the file", glb(ASSET, { length: 4_000_000_000 }), "malformed"],
  ["a text that is no JSON", glb("{"), "malformed"],
  ["a document without an asset", glb({}), "malformed"],
  ["a node below itself", glb({ ...ASSET, nodes: [{ children: [0] }] }), "malformed"],
  ["nodes in a circle", glb({ ...ASSET, nodes: [{ children: [1] }, { children: [2] }, { children: [0] }] }), "malformed"],
  ["a node with two parents", glb({ ...ASSET, nodes: [{ children: [2] }, { children: [2] }, {}] }), "malformed"],
  ["a child that is not there", glb({ ...ASSET, nodes: [{ children: [7] }] }), "malformed"],
  ["a view beyond the end", glb({ ...ASSET, bufferViews: [{ byteLength: 10, byteOffset: 1_000_000 }] }), "malformed"],
  ["a picture elsewhere", glb({ ...ASSET, images: [{ uri: "https://example.com/a.png" }] }), "malformed"],
  ["a buffer elsewhere", glb({ ...ASSET, buffers: [{ byteLength: 1, uri: "../a.bin" }] }), "malformed"],
  ["a count below nought", glb({ ...ASSET, accessors: [{ count: -1 }] }), "malformed"],
  ["two thousand million values", glb({ ...ASSET, accessors: [{ count: 2 ** 31 }] }), "large"],
  ["a million nodes", glb({ ...ASSET, nodes: Array.from({ length: 1_000_000 }, () => ({})) }), "large"],
];

describe("a GLB", () => {
  it.each(CASES)("is judged before it is opened: %s", (_, bytes, fault) => {
    expect(glbFault(bytes)).toBe(fault);
  });
});
