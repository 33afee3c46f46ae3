/** Every message is there in every language, with the same holes. */

import { describe, expect, test } from "vitest";

import { de } from "../../src/words/de.ts";
import { en } from "../../src/words/en.ts";
import { reasonIn } from "../../src/words/reasons.ts";
import { filled, sayIn } from "../../src/words/say.ts";
import { momentText, secondsText, tenthsText } from "../../src/words/when.ts";

function holes(text: string): readonly string[] {
  return [...text.matchAll(/\{(\w+)/g)].map(([, name]) => name ?? "").sort();
}

test("English and German have the same keys", () => expect(Object.keys(de)).toEqual(Object.keys(en)));

describe("the holes are the same", () => {
  const english: Readonly<Record<string, string>> = en;
  test.each(Object.entries(de))("%s", (key, text) => expect(holes(text)).toEqual(holes(english[key] ?? "")));
});

test("holes are filled, and chosen by number", () => {
  expect(filled("en", "{count|one node|# nodes} of {all}", { count: 1, all: 3 })).toBe("one node of 3");
  expect(filled("en", "{count|one node|# nodes} of {all}", { count: 2, all: 3 })).toBe("2 nodes of 3");
});

test("what a user wrote is not taken for a hole", () => {
  expect(sayIn("en")("node.label", { name: "{state}", type: "<b>", state: "ready" })).toBe("{state}, <b>, ready");
});

test("numbers have the sign of the language, names keep theirs", () => {
  expect(sayIn("de")("gib", { gib: 2.5 })).toBe("2,5 GiB");
  expect(sayIn("en")("gib", { gib: 2.5 })).toBe("2.5 GiB");
  expect(sayIn("de")("panel.nodes")).toBe("Knoten");
  expect(filled("de", "{file}", { file: "boat.glb" })).toBe("boat.glb");
  expect(tenthsText("de", 12)).toBe("12,0");
});

test.each([
  [0.25, "0.3 s", "0,3 s"],
  [9.94, "9.9 s", "9,9 s"],
  [12.4, "12 s", "12 s"],
  [59.6, "1:00", "1:00"],
  [65, "1:05", "1:05"],
])("%d seconds are read as %s", (seconds, english, german) => {
  expect(secondsText("en", seconds)).toBe(english);
  expect(secondsText("de", seconds)).toBe(german);
});

test.each([
  ["steps 20 -> 28; plan changed", "steps 20 -> 28; plan geändert"],
  ["never ran here before", "noch nie hier gelaufen"],
  ["sky runs before it; what it gave is no longer kept", "sky läuft davor; was er ergab, ist nicht mehr aufgehoben"],
  ["the node's version 1 -> 2", "Fassung des Knotens 1 -> 2"],
  ['prompt "the sky changed" -> "a"', 'prompt "the sky changed" -> "a"'],
])("the reason %j is said in German, and in English as it is", (reason, german) => {
  expect(reasonIn(sayIn("de"), reason)).toBe(german);
  expect(reasonIn(sayIn("en"), reason)).toBe(reason);
});

test.each([
  [3600, false],
  [7 * 86_400, true],
  [-3600, false],
  [-7 * 86_400, true],
])("a moment %d seconds from now is told with its date: %s", (away, isDated) => {
  const now = Date.UTC(2026, 5, 15, 12);
  expect(momentText("en", now / 1000 + away, now).includes("2026")).toBe(isDated);
});
