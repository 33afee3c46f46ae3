/** Addresses are read as they are written. */

import { expect, test } from "vitest";

import { readAddress, writeAddress } from "../../src/core/address.ts";

test.each([
  [{ graph: "", within: "", node: "", run: "" }, "/"],
  [{ graph: "alley", within: "", node: "", run: "" }, "/g/alley"],
  [{ graph: "gasse_ä", within: "", node: "a b&c", run: "r1" }, "/g/gasse_%C3%A4?node=a+b%26c&run=r1"],
  [{ graph: "", within: "", node: "", run: "r1" }, "/?run=r1"],
  [{ graph: "alley", within: "lamps[2]/lamp", node: "mesh", run: "" }, "/g/alley?in=lamps%5B2%5D%2Flamp&node=mesh"],
])("%o is %s", (address, written) => {
  expect(writeAddress(address)).toBe(written);
  const [path = "", query = ""] = written.split("?");
  expect(readAddress(path, query)).toEqual(address);
});

test("an address that was written wrong names what stands there", () => {
  expect(readAddress("/g/%zz", "")).toEqual({ graph: "%zz", within: "", node: "", run: "" });
});
