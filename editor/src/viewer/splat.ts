/** Whether bytes are a gaussian splat that can be opened here without harm: a PLY of gaussians, or an SPZ. */

export type SplatFault = "malformed" | "large";

/** Bounds of what a page can hold: of a splat that is larger there is still a picture. */
const MOST_GAUSSIANS = 8_000_000;
const MOST_HEADER = 65_536;
const PLY = 0x706c79;
const GZIP = 0x1f8b;
const BYTES: Readonly<Record<string, number>> = { char: 1, int8: 1, uchar: 1, uint8: 1, short: 2, int16: 2, ushort: 2, uint16: 2, int: 4, int32: 4, uint: 4, uint32: 4, float: 4, float32: 4, double: 8, float64: 8 };
const WANTED = ["x", "y", "z", "f_dc_0", "opacity", "scale_0", "scale_1", "scale_2", "rot_0", "rot_1", "rot_2", "rot_3"] as const;

export type SplatKind = "ply" | "spz";

/** What kind of splat bytes claim to be; null where they claim to be none. */
export function splatKind(bytes: ArrayBuffer): SplatKind | null {
  if (bytes.byteLength < 4) return null;
  const view = new DataView(bytes);
  if (view.getUint32(0) >>> 8 === PLY) return "ply";
  return view.getUint16(0) === GZIP ? "spz" : null;
}

/** What is wrong with a splat, or null; what is packed is looked at by who unpacks it. */
export function splatFault(bytes: ArrayBuffer): SplatFault | null {
  return splatKind(bytes) === "ply" ? plyFault(bytes) : null;
}

function plyFault(bytes: ArrayBuffer): SplatFault | null {
  const text = new TextDecoder("latin1").decode(new Uint8Array(bytes, 0, Math.min(bytes.byteLength, MOST_HEADER)));
  const end = /end_header\r?\n/.exec(text);
  if (end === null) return "malformed";
  const lines = text.slice(0, end.index).split(/\r?\n/).map((line) => line.trim().split(/\s+/));
  if (!lines.some(([word, kind]) => word === "format" && kind === "binary_little_endian")) return "malformed";
  // The gaussians come first: what stands before them would have to be measured.
  const from = lines.findIndex(([word]) => word === "element");
  const [, name, count = ""] = lines[from] ?? [];
  if (name !== "vertex" || !/^\d{1,12}$/.test(count)) return "malformed";
  const until = lines.findIndex(([word], at) => at > from && word === "element");
  const properties = lines.slice(from + 1, until < 0 ? undefined : until).filter(([word]) => word === "property");
  const names = new Set(properties.map((words) => words[2]));
  const each = properties.reduce((sum, [, type = ""]) => sum + (BYTES[type] ?? Number.NaN), 0);
  if (!WANTED.every((wanted) => names.has(wanted)) || Number.isNaN(each)) return "malformed";
  if (Number(count) > MOST_GAUSSIANS) return "large";
  return end.index + end[0].length + Number(count) * each > bytes.byteLength ? "malformed" : null;
}
