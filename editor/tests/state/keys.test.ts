/** Keys by command: chosen, taken from others, given back. */

import { describe, expect, test, vi } from "vitest";

vi.stubGlobal("navigator", { platform: "Linux", language: "en" });
const { holdersOf, keysIn, rekeyed, shownKeys, whyNotKeys } = await import("../../src/state/keys.ts");

const USUAL = { undo: "Mod+Z", save: "Mod+S", align: "" };

test("a command has the keys that it comes with until others are chosen", () => {
  expect(keysIn(USUAL, {}, "undo")).toBe("Mod+Z");
  expect(keysIn(USUAL, { undo: "U" }, "undo")).toBe("U");
  expect(keysIn(USUAL, { undo: "" }, "undo")).toBe("");
});

describe("keys that another command has", () => {
  const chosen = rekeyed(USUAL, {}, "align", "Mod+S");
  test("are known to be its", () => expect(holdersOf(USUAL, {}, "Mod+S", "align")).toEqual(["save"]));
  test("are taken from it", () => expect(chosen).toEqual({ align: "Mod+S", save: "" }));
  test("are nobody else's then", () => expect(holdersOf(USUAL, chosen, "Mod+S", "align")).toEqual([]));
  test("are given back by asking for them", () => expect(rekeyed(USUAL, chosen, "save", "Mod+S")).toEqual({}));
});

test("no keys are nobody's", () => expect(holdersOf(USUAL, {}, "", "undo")).toEqual([]));

test("what a command comes with is not written down", () => expect(rekeyed(USUAL, { undo: "U" }, "undo", "Mod+Z")).toEqual({}));

test.each([
  ["Tab", "kept"],
  ["Enter", "kept"],
  ["ArrowUp", "kept"],
  ["Mod+W", "browser"],
  ["Mod+Shift+Z", undefined],
  ["F", undefined],
])("%s: %s", (keys, why) => expect(whyNotKeys(keys)).toBe(why));

test.each([
  ["Mod+Shift+Z", "Ctrl+Shift+Z", "Strg+Umschalt+Z"],
  ["Delete", "Del", "Entf"],
  ["Alt+PageDown", "Alt+PageDown", "Alt+Bild ↓"],
])("%s is shown as it is written on keyboards of each language", (keys, english, german) => {
  expect(shownKeys("en", keys)).toBe(english);
  expect(shownKeys("de", keys)).toBe(german);
});
