/** A splat is judged before it is opened: what it is, whether it is whole, and whether a page can hold it. */

import { expect, test } from "vitest";

import { splatFault, splatKind } from "../../src/viewer/splat.ts";

const PROPERTIES = ["x", "y", "z", "f_dc_0", "f_dc_1", "f_dc_2", "opacity", "scale_0", "scale_1", "scale_2", "rot_0", "rot_1", "rot_2", "rot_3"];

interface Ply {
  readonly count?: number | string;
  readonly rows?: number;
  readonly format?: string;
  readonly properties?: readonly string[];
  readonly before?: string;
  readonly end?: string;
}

function ply({ count = 2, rows = 2, format = "binary_little_endian", properties = PROPERTIES.map((name) => `float ${name}`), before = "", end = "end_header\n" }: Ply = {}): ArrayBuffer {
  const head = `ply\nformat ${format} 1.0\n${before}element vertex ${String(count)}\n${properties.map((one) => `property ${one}\n`).join("")}${end}`;
  return bytesOf(head, rows * properties.length * 4);
}

function bytesOf(text: string, more = 0): ArrayBuffer {
  const head = new TextEncoder().encode(text);
  const bytes = new Uint8Array(head.length + more);
  bytes.set(head);
  return bytes.buffer;
}

const CASES: readonly (readonly [string, ArrayBuffer, ReturnType<typeof splatFault>])[] = [
  ["a whole one", ply(), null],
  ["one that ends its lines in two characters", ply({ end: "end_header\r\n" }), null],
  ["one with properties that are not read", ply({ properties: [...PROPERTIES.map((name) => `float ${name}`), "float nx"] }), null],
  ["one that is cut off", ply({ rows: 1 }), "malformed"],
  ["more gaussians than follow", ply({ count: 3 }), "malformed"],
  ["more gaussians than a page can hold", ply({ count: 9_000_000 }), "large"],
  ["a count that is a word", ply({ count: "many" }), "malformed"],
  ["a count below nought", ply({ count: -1 }), "malformed"],
  ["a count without end", ply({ count: "9".repeat(40) }), "malformed"],
  ["text", ply({ format: "ascii" }), "malformed"],
  ["the other order of bytes", ply({ format: "binary_big_endian" }), "malformed"],
  ["a mesh", ply({ properties: ["float x", "float y", "float z"] }), "malformed"],
  ["lists among its properties", ply({ properties: [...PROPERTIES.map((name) => `float ${name}`), "list uchar int i"] }), "malformed"],
  ["a type that is none", ply({ properties: PROPERTIES.map((name) => `quad ${name}`) }), "malformed"],
  ["something before the gaussians", ply({ before: "element camera 1\nproperty float f\n" }), "malformed"],
  ["a header without an end", ply({ end: "" }), "malformed"],
];

test.each(CASES)("is judged before it is opened: %s", (_, bytes, fault) => {
  expect(splatFault(bytes)).toBe(fault);
});

test("tells a PLY, what is packed, and all else by their first bytes", () => {
  expect(splatKind(ply())).toBe("ply");
  expect(splatKind(new Uint8Array([0x1f, 0x8b, 8, 0]).buffer)).toBe("spz");
  expect(splatKind(bytesOf("glTF"))).toBeNull();
  expect(splatKind(bytesOf("ply"))).toBeNull();
  expect(splatKind(new ArrayBuffer(0))).toBeNull();
});
