import { describe, expect, it } from "vitest";

import { linesOf, shownAs } from "../../src/viewer/shown.ts";

const artefact = (type: string, mediaType: string) => ({ kind: "artefact" as const, digest: "0", type, mediaType, facts: {} });

describe("a value is shown", () => {
  it.each([
    ["a mesh as a model", artefact("mesh", "model/gltf-binary"), "model"],
    ["a mesh of another format not at all", artefact("mesh", "model/obj"), null],
    ["a scene as a model", artefact("scene", "model/gltf-binary"), "model"],
    ["a motion as one", artefact("motion", "application/x-npz"), "motion"],
    ["a mask as a picture", artefact("mask", "image/png"), "image"],
    ["an encoded sound as sound", artefact("mp3", "audio/mpeg"), "sound"],
    ["a film of any type as a film", artefact("clip", "video/mp4"), "video"],
    ["a zip not at all", artefact("bundle", "application/zip"), null],
    ["an object as text", { kind: "value" as const, value: { place: "alley" } }, "text"],
    ["a number not at all", { kind: "value" as const, value: 7 }, null],
  ])("%s", (_, given, as) => {
    expect(shownAs(given)).toBe(as);
  });
});

describe("a plan as lines", () => {
  it("names things and counts them, and leaves out what says nothing", () => {
    const plan = {
      environment: { place: "alley", time_of_day: "night", weather: ["mist", "rain"], mood: null },
      objects: [{ id: "neon_sign", count: 3 }, { id: "dumpster", count: 1 }],
      characters: [{ id: "detective", action: "walk" }],
      notes: [],
      seconds: 12.00001,
      is_loud: false,
      relations: [{ subject: "lamp", relation: "on", object: "table" }],
    };
    expect(linesOf(plan)).toEqual([
      { label: "environment", text: "alley, night, mist, rain" },
      { label: "objects", text: "3 × neon_sign, dumpster" },
      { label: "characters", text: "detective" },
      { label: "seconds", text: "12" },
      { label: "relations", text: "lamp" },
    ]);
  });

  it("is empty for what is no object", () => {
    expect([linesOf(null), linesOf("text"), linesOf(7)]).toEqual([[], [], []]);
  });
});
