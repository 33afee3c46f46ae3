/** The colour of a device's bar. */

import { expect, test } from "vitest";

import { fullnessOf } from "../../src/core/memory.ts";

test.each([
  { used: 0, gives: "green" },
  { used: 69, gives: "green" },
  { used: 70, gives: "yellow" },
  { used: 85, gives: "yellow" },
  { used: 86, gives: "red" },
])("$used of 100 is $gives", ({ used, gives }) => expect(fullnessOf(used, 100)).toBe(gives));

test("a device that has nothing is not full", () => expect(fullnessOf(0, 0)).toBe("green"));
