/** The contrast of every text and port, computed from the tokens. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import { FAMILIES, lookOf } from "../../src/theme/ports.ts";

const CSS = readFileSync(new URL("../../src/theme/tokens.css", import.meta.url), "utf8");

function tokens(theme: string): ReadonlyMap<string, string> {
  const block = CSS.split(`[data-theme="${theme}"] {`)[1]?.split("}")[0] ?? "";
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = "", value = ""]) => [name, value]));
}

/** Relative luminance of an sRGB colour (WCAG 2.2). */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(["dark", "light"])("%s", (theme) => {
  const known = tokens(theme);
  const color = (name: string) => {
    const found = known.get(name);
    if (found === undefined) throw new Error(`no token ${name}`);
    return found;
  };
  const grounds = ["canvas", "node", "bar", "field", "hover"];
  test.each(grounds.flatMap((ground) => ["text", "muted", "accent", "error", "ok", "warn"].map((text) => [text, ground] as const)))(
    "%s on %s is read: at least 4.5 : 1",
    (text, ground) => expect(contrast(color(text), color(ground))).toBeGreaterThanOrEqual(4.5),
  );
  test("text on the accent is read", () => expect(contrast(color("on-accent"), color("accent"))).toBeGreaterThanOrEqual(4.5));
  test.each(FAMILIES.flatMap((family) => ["canvas", "node"].map((ground) => [family, ground] as const)))(
    "a port of the family %s is seen on %s: at least 3 : 1",
    (family, ground) => expect(contrast(color(`port-${family}`), color(ground))).toBeGreaterThanOrEqual(3),
  );
  test("both themes have the same colours", () => expect([...known.keys()]).toEqual([...tokens("dark").keys()]));
});

describe("looks", () => {
  const table = new Map([["image", new Set<string>()], ["json", new Set<string>()], ["plan", new Set(["json"])]]);
  test.each([
    ["image", { family: "image", shape: "square", isList: false, isOptional: false }],
    ["list[mesh]", { family: "mesh", shape: "diamond", isList: true, isOptional: false }],
    ["audio?", { family: "audio", shape: "hexagon", isList: false, isOptional: true }],
    ["motion", { family: "rig", shape: "hexagon", isList: false, isOptional: false }],
    ["plan", { family: "structure", shape: "circle", isList: false, isOptional: false }],
    ["unheard_of", { family: "number", shape: "circle", isList: false, isOptional: false }],
  ])("%s", (type, look) => expect(lookOf(type, table)).toEqual(look));
});
