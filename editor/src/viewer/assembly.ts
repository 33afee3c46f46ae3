/** What the scene view shows of a graph while it runs: the furthest scene that there is, and beside it what is not in it yet. */

import * as v from "valibot";

import type { TypeOf } from "../core/geometry.ts";
import { ancestors, type Graph } from "../core/graph.ts";
import { baseOf } from "../core/types.ts";
import type { Made } from "../state/outputs.ts";

export type MadeBy = (node: string) => readonly Made[];

/** Something that stands for a value of a node: itself where it is made, a box where it is not. */
export interface Piece {
  readonly id: string;
  readonly node: string;
  readonly item: number;
  readonly label: string;
  readonly digest: string | null;
  /** Metres: width, height, depth. */
  readonly size: Size;
  /** Where its middle stands on the ground (x, z). */
  readonly at: readonly [number, number];
}

export interface Assembly {
  readonly base: { readonly node: string; readonly digest: string } | null;
  readonly pieces: readonly Piece[];
}

export type Size = readonly [number, number, number];

const BOX: Size = [1, 1, 1];
const FIGURE: Size = [0.6, 1.75, 0.4];
/** Metres between things in a row, and that a row is wide at most. */
const GAP = 0.5;
const WIDEST = 9;

/** Nodes whose values are seen in the scene, and those that tell how many there will be. */
export function sceneNodes(graph: Graph, typeOf: TypeOf): readonly string[] {
  return [...graph.nodes.keys()].filter((name) => typeOf(name).outputs.some(({ type }) => SOLID.has(baseOf(type)) || TELLING.has(baseOf(type))));
}

const SOLID: ReadonlySet<string> = new Set(["mesh", "rig", "splat", "scene"]);
const PIECES: ReadonlySet<string> = new Set(["mesh", "rig", "splat"]);
const TELLING: ReadonlySet<string> = new Set(["object_spec", "character_spec", "path_spec", "motion"]);

/** Which node makes scenes, and how far it is: the furthest is the one that no other made scene hangs from. */
function furthest(graph: Graph, made: MadeBy): Assembly["base"] {
  let found: Assembly["base"] = null;
  for (const name of graph.nodes.keys()) {
    const digest = digestsOf(made(name), "scene")[0];
    if (digest !== undefined && (found === null || ancestors(graph, [name]).has(found.node))) found = { node: name, digest };
  }
  return found;
}

export function assemble(graph: Graph, typeOf: TypeOf, made: MadeBy, isExpected: (node: string) => boolean): Assembly {
  const base = furthest(graph, made);
  const within = base === null ? new Set<string>() : ancestors(graph, [base.node]);
  const pieces = [...graph.nodes.keys()].filter((name) => !within.has(name)).flatMap((name) => piecesOf(graph, typeOf, made, name, isExpected(name)));
  return { base, pieces: placed(pieces, waysOf(graph, made)) };
}

function piecesOf(graph: Graph, typeOf: TypeOf, made: MadeBy, node: string, isExpected: boolean): readonly Piece[] {
  const solid = typeOf(node).outputs.find(({ type }) => PIECES.has(baseOf(type)));
  if (solid === undefined) return [];
  const isFigure = baseOf(solid.type) === "rig";
  const labels = labelsOf(graph, made, node);
  const found = new Map(made(node).filter(({ port }) => port === solid.name).map((one) => [one.call + one.item, one]));
  const count = isExpected ? Math.max(labels.length, found.size, 1) : found.size;
  const items = isExpected ? Array.from({ length: count }, (_, item) => item) : [...found.keys()];
  return items.map((item) => {
    const given = found.get(item)?.given;
    const digest = given?.kind === "artefact" ? given.digest : null;
    const size = (given?.kind === "artefact" ? sizeIn(given.facts) : undefined) ?? (isFigure ? FIGURE : BOX);
    return { id: `${node}[${String(item)}]`, node, item, label: labels[item] ?? node, digest, size, at: [0, 0] as const };
  });
}

/** What a node that is called for each item will make, by the names of the items. */
export function labelsOf(graph: Graph, made: MadeBy, node: string): readonly string[] {
  const given = graph.nodes.get(node);
  for (const port of given?.forEach ?? []) {
    const input = given?.inputs.get(port);
    if (input?.kind !== "wire") continue;
    const { wire } = input;
    const items = made(wire.node).filter((one) => one.port === wire.port);
    if (items.length > 0) return items.map((one) => nameIn(one.given.kind === "value" ? one.given.value : null) ?? node);
  }
  return [];
}

const NAMED = v.object({ id: v.optional(v.string()), character: v.optional(v.string()), kind: v.optional(v.string()) });

function nameIn(value: unknown): string | undefined {
  const read = v.safeParse(NAMED, value);
  return read.success ? (read.output.id ?? read.output.character ?? read.output.kind) : undefined;
}

/** Where each figure begins, as a layout says. */
function waysOf(graph: Graph, made: MadeBy): readonly (readonly [number, number])[] {
  for (const node of graph.nodes.keys()) {
    const ways = made(node).flatMap(({ given }) => startIn(given.kind === "value" ? given.value : null));
    if (ways.length > 0) return ways;
  }
  return [];
}

const WAY = v.object({ points: v.pipe(v.array(v.tuple([v.number(), v.number()])), v.minLength(1)) });

function startIn(value: unknown): readonly (readonly [number, number])[] {
  const read = v.safeParse(WAY, value);
  return read.success ? read.output.points.slice(0, 1) : [];
}

/** Each piece on its place: figures where the layout lets them begin, all else in rows. */
function placed(pieces: readonly Piece[], ways: readonly (readonly [number, number])[]): readonly Piece[] {
  let left = 0;
  let row = 0;
  let depth = 0;
  const rows: Piece[][] = [[]];
  const done: Piece[] = [];
  for (const piece of pieces) {
    const way = piece.size === FIGURE ? ways[piece.item] : undefined;
    if (way !== undefined) {
      done.push({ ...piece, at: way });
      continue;
    }
    if (left > 0 && left + piece.size[0] > WIDEST) {
      row += depth + GAP;
      left = 0;
      depth = 0;
      rows.push([]);
    }
    rows.at(-1)?.push({ ...piece, at: [left + piece.size[0] / 2, row + piece.size[2] / 2] });
    left += piece.size[0] + GAP;
    depth = Math.max(depth, piece.size[2]);
  }
  return [...rows.flatMap(centred), ...done];
}

function centred(row: readonly Piece[]): readonly Piece[] {
  const width = row.reduce((most, { at, size }) => Math.max(most, at[0] + size[0] / 2), 0);
  return row.map((piece) => ({ ...piece, at: [piece.at[0] - width / 2, piece.at[1]] as const }));
}

const SIZED = v.object({ size: v.tuple([v.number(), v.number(), v.number()]) });

function sizeIn(facts: Readonly<Record<string, unknown>>): Size | undefined {
  const read = v.safeParse(SIZED, facts);
  return read.success ? read.output.size : undefined;
}

function digestsOf(made: readonly Made[], type: string): readonly string[] {
  return made.flatMap(({ given }) => (given.kind === "artefact" && given.type === type ? [given.digest] : []));
}

/** An object of a scene as it is known by its file. */
export interface Seen {
  readonly role: string;
  readonly vertices: number;
  /** Which of its role it is, in the order of the file. */
  readonly order: number;
}

/**
 * The nodes that an object of a scene comes from: those that made a mesh of so many vertices, or the figure of that order and
 * what moves it. What nothing among them made is the scene's own maker's: ground, walls, air.
 */
export function makersOf(graph: Graph, typeOf: TypeOf, made: MadeBy, base: string, seen: Seen): readonly string[] {
  const above = [...ancestors(graph, [base])];
  const giving = (type: string) => above.filter((name) => typeOf(name).outputs.some((output) => baseOf(output.type) === type));
  if (seen.role === "actor") return [...giving("rig"), ...giving("motion")];
  const meshes = giving("mesh");
  const exact = meshes.filter((name) => made(name).some(({ given }) => given.kind === "artefact" && given.facts["vertices"] === seen.vertices));
  if (exact.length > 0) return exact;
  const isUnknown = meshes.length > 0 && meshes.every((name) => made(name).length === 0);
  if (isUnknown) return meshes;
  const makers = giving("scene").filter((name) => !giving("scene").some((other) => other !== name && ancestors(graph, [name]).has(other)));
  return makers.length > 0 ? makers : [base];
}
