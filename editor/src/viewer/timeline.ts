/** What happens when in a scene, as rows of bars: each bar is an output of a node. */

import * as v from "valibot";

import type { TypeOf } from "../core/geometry.ts";
import { ancestors, type Graph } from "../core/graph.ts";
import { baseOf } from "../core/types.ts";
import type { Made } from "../state/outputs.ts";
import { labelsOf, type MadeBy } from "./assembly.ts";
import { type Stem, stemsOf } from "./stems.ts";

export interface Bar {
  readonly label: string;
  readonly start: number;
  readonly end: number;
}

export interface Row {
  readonly id: string;
  readonly kind: "camera" | "clips" | "sound";
  readonly label: string;
  /** Whose output it is; a press selects it. */
  readonly node: string;
  readonly bars: readonly Bar[];
  /** Moments within: steps of a figure, keys of the camera. */
  readonly marks: readonly number[];
  /** What is heard, by its digest; null for what is seen. */
  readonly digest: string | null;
  /** Whether it is played, or is in another sound that is. */
  readonly isHeard: boolean;
}

export interface Timeline {
  readonly seconds: number;
  readonly rows: readonly Row[];
  /** Where bars of the music begin. */
  readonly beats: readonly number[];
  /** What the sound was mixed of, where that is known. */
  readonly stems: readonly Stem[];
}

const SECONDS = v.pipe(v.number(), v.minValue(0));
const WRITTEN = v.object({
  seconds: SECONDS,
  camera: v.object({ keys: v.array(v.object({ time: SECONDS })) }),
  actors: v.array(
    v.object({
      name: v.string(),
      clips: v.array(v.object({ name: v.string(), start: SECONDS, end: SECONDS })),
      steps: v.optional(v.array(v.object({ time: SECONDS })), []),
    }),
  ),
  music: v.optional(v.nullable(v.object({ bars: v.array(SECONDS) }))),
});
export type Written = v.InferOutput<typeof WRITTEN>;

/** A timeline as a packager writes it, or undefined where a value is none. */
export function writtenIn(value: unknown): Written | undefined {
  const read = v.safeParse(WRITTEN, value);
  return read.success ? read.output : undefined;
}

/** Nodes whose values the timeline tells of. */
export function timelineNodes(graph: Graph, typeOf: TypeOf): readonly string[] {
  return [...graph.nodes.keys()].filter((name) => typeOf(name).outputs.some(({ type }) => TOLD.has(baseOf(type))));
}

const TOLD: ReadonlySet<string> = new Set(["audio", "wav", "motion", "scene", "json", "sound_spec", "character_spec", "path_spec"]);

/** `scene` is the node of the scene that is shown, and how long it says it lasts. */
export function timelineOf(graph: Graph, typeOf: TypeOf, made: MadeBy, scene: { readonly node: string; readonly seconds: number } | null): Timeline {
  const names = [...graph.nodes.keys()];
  const written = names.flatMap((name) => made(name)).map(({ given }) => (given.kind === "value" ? writtenIn(given.value) : undefined)).find((one) => one !== undefined);
  const movers = names.filter((name) => typeOf(name).outputs.some(({ type }) => baseOf(type) === "motion"));
  const seconds = written?.seconds ?? scene?.seconds ?? 0;
  const sounds = soundRows(graph, made, names, seconds);
  const clips = written === undefined ? movedRows(graph, made, movers) : actedRows(written, movers[0] ?? scene?.node ?? "");
  const camera = written === undefined || scene === null ? [] : [cameraRow(written, scene.node)];
  const rows = [...camera, ...clips, ...sounds];
  const longest = rows.flatMap(({ bars }) => bars).reduce((most, { end }) => Math.max(most, end), 0);
  return { seconds: seconds > 0 ? seconds : longest, rows, beats: written?.music?.bars ?? [], stems: stemsOf(graph, typeOf, made) };
}

function cameraRow({ camera, seconds }: Written, node: string): Row {
  return { id: "camera", kind: "camera", label: "", node, bars: [{ label: "", start: 0, end: seconds }], marks: camera.keys.map(({ time }) => time), digest: null, isHeard: false };
}

function actedRows({ actors }: Written, node: string): readonly Row[] {
  return actors.map(({ name, clips, steps }, number) => ({
    id: `actor-${String(number)}`,
    kind: "clips",
    label: name,
    node,
    bars: clips.map((clip) => ({ label: clip.name, start: clip.start, end: clip.end })),
    marks: steps.map(({ time }) => time),
    digest: null,
    isHeard: false,
  }));
}

/** Motions by themselves, where no timeline was written. */
function movedRows(graph: Graph, made: MadeBy, movers: readonly string[]): readonly Row[] {
  return movers.flatMap((node) => {
    const labels = labelsOf(graph, made, node);
    return made(node).flatMap((one): readonly Row[] => {
      const seconds = secondsIn(one);
      if (seconds === undefined || one.given.kind !== "artefact" || one.given.type !== "motion") return [];
      const item = one.call + one.item;
      return [{ id: `${node}-${String(item)}`, kind: "clips", label: labels[item] ?? node, node, bars: [{ label: node, start: 0, end: seconds }], marks: [], digest: null, isHeard: false }];
    });
  });
}

/** Every sound; heard are those that go into no other. */
function soundRows(graph: Graph, made: MadeBy, names: readonly string[], seconds: number): readonly Row[] {
  const of = (node: string, type: string) => made(node).filter((one) => one.given.kind === "artefact" && one.given.type === type);
  // An encoded sound stands in for what it was made of where that is not known, as after a run out of the cache.
  const type = names.some((node) => of(node, "audio").length > 0) ? "audio" : "wav";
  const given = (node: string) => of(node, type);
  const sounding = names.filter((node) => given(node).length > 0);
  const mixed = new Set(sounding.flatMap((node) => [...ancestors(graph, [node])].filter((other) => other !== node)));
  return sounding.flatMap((node) => {
    const labels = labelsOf(graph, made, node);
    return given(node).map((one): Row => {
      const item = one.call + one.item;
      const digest = one.given.kind === "artefact" ? one.given.digest : null;
      const label = labels[item] ?? node;
      return { id: `${node}-${String(item)}`, kind: "sound", label, node, bars: [{ label: node, start: 0, end: secondsIn(one) ?? seconds }], marks: [], digest, isHeard: !mixed.has(node) };
    });
  });
}

function secondsIn({ given }: Made): number | undefined {
  if (given.kind !== "artefact") return undefined;
  const { seconds } = given.facts;
  return typeof seconds === "number" && Number.isFinite(seconds) ? seconds : undefined;
}
