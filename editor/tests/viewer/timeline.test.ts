import { describe, expect, it } from "vitest";

import type { NodeType } from "../../src/core/catalogue.ts";
import { missingType } from "../../src/core/geometry.ts";
import { EMPTY_GRAPH, type Graph, newNode, wired } from "../../src/core/graph.ts";
import type { Made } from "../../src/state/outputs.ts";
import { timelineOf, writtenIn } from "../../src/viewer/timeline.ts";

const OUTPUTS: Readonly<Record<string, string>> = { motion: "motion", audio: "audio", stage: "scene", timeline: "json" };

const GRAPH: Graph = {
  ...EMPTY_GRAPH,
  nodes: new Map([
    ["motions", newNode("motion")],
    ["rain", newNode("audio")],
    ["tune", newNode("audio")],
    ["mix", newNode("audio", new Map([["a", wired("rain", "out")], ["b", wired("tune", "out")]]))],
    ["scene", newNode("stage", new Map([["motions", wired("motions", "out")]]))],
    ["timeline", newNode("timeline", new Map([["scene", wired("scene", "out")]]))],
  ]),
};

function typeOf(name: string): NodeType {
  const type = GRAPH.nodes.get(name)?.type ?? "";
  return { ...missingType(type, newNode(type), []), outputs: [{ name: "out", type: OUTPUTS[type] ?? "any" }] };
}

function artefact(node: string, type: string, seconds: number, call = 0): Made {
  return { node, port: "out", item: 0, call, given: { kind: "artefact", digest: `${node}${String(call)}`, type, mediaType: "", facts: { seconds } } };
}

const WRITTEN = {
  format: 1,
  title: "alley",
  seconds: 12,
  camera: { fov_y: 0.9, keys: [{ time: 0, position: [0, 0, 0], target: [0, 0, 0] }, { time: 6 }] },
  actors: [{ name: "detective", seconds: 12, clips: [{ name: "walk", start: 0, end: 8 }, { name: "stand", start: 8, end: 12 }], steps: [{ time: 0.5, foot: "left" }] }],
  sounds: [],
  music: { bpm: 80, bars: [0, 3, 6, 9] },
};
const TIMELINE: Made = { node: "timeline", port: "out", item: 0, call: 0, given: { kind: "value", value: WRITTEN } };
const SOUNDS = [artefact("rain", "audio", 12), artefact("tune", "audio", 11), artefact("mix", "audio", 12)];

function told(...made: readonly Made[]) {
  return timelineOf(GRAPH, typeOf, (node) => made.filter((one) => one.node === node), { node: "scene", seconds: 9 });
}

describe("a timeline", () => {
  it("has what was written: camera, clips, steps, bars of the music", () => {
    const { seconds, rows, beats } = told(TIMELINE);
    expect([seconds, beats]).toEqual([12, [0, 3, 6, 9]]);
    expect(rows.map(({ kind, node, label }) => [kind, node, label])).toEqual([["camera", "scene", ""], ["clips", "motions", "detective"]]);
    expect(rows[1]?.bars.map(({ label, start, end }) => [label, start, end])).toEqual([["walk", 0, 8], ["stand", 8, 12]]);
    expect(rows.map(({ marks }) => marks)).toEqual([[0, 6], [0.5]]);
  });

  it("has a row for each sound, and plays those that go into no other", () => {
    const heard = (made: readonly Made[]) => told(...made).rows.map(({ node, isHeard }) => [node, isHeard]);
    expect(heard(SOUNDS)).toEqual([["rain", false], ["tune", false], ["mix", true]]);
    expect(heard(SOUNDS.slice(0, 2))).toEqual([["rain", true], ["tune", true]]);
  });

  it("plays an encoded sound where that is all there is of one", () => {
    const wav = artefact("mix", "wav", 0);
    const bare: Made = { ...wav, given: { kind: "artefact", digest: "w", type: "wav", mediaType: "audio/wav", facts: { bytes: 9 } } };
    expect(told(TIMELINE, bare).rows.filter(({ kind }) => kind === "sound").map(({ digest, isHeard, bars }) => [digest, isHeard, bars[0]?.end])).toEqual([["w", true, 12]]);
    expect(told(...SOUNDS, bare).rows.map(({ digest }) => digest)).not.toContain("w");
  });

  it("is made of what there is, where none was written", () => {
    const { seconds, rows } = told(artefact("motions", "motion", 4), artefact("motions", "motion", 5, 1), artefact("tune", "audio", 11));
    expect(seconds).toBe(9);
    expect(rows.map(({ id, bars }) => [id, bars[0]?.end])).toEqual([["motions-0", 4], ["motions-1", 5], ["tune-0", 11]]);
  });

  it("lasts as long as its longest bar, where no scene says how long", () => {
    const made = SOUNDS.slice(0, 2);
    expect(timelineOf(GRAPH, typeOf, (node) => made.filter((one) => one.node === node), null).seconds).toBe(12);
  });

  it.each([null, 7, {}, { ...WRITTEN, seconds: -1 }, { ...WRITTEN, actors: "none" }])("is no other value: %j", (value) => {
    expect(writtenIn(value)).toBeUndefined();
  });
});
