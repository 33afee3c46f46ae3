/** Graphs within graphs: the way from one into those that its nodes stand for, as the steps of a run name it. */

import { SAVED } from "./catalogue.ts";
import type { Draft } from "./draft.ts";
import type { Graph } from "./graph.ts";

/** A step into a node that stands for a saved graph; where it is called for each item of a list, into one of these. */
export interface Inward {
  readonly node: string;
  readonly item: number | null;
}

/** The way as it is written in addresses and in the ids of steps: `lamps[2]/lamp`. */
export function pathText(path: readonly Inward[]): string {
  return path.map(({ node, item }) => (item === null ? node : `${node}[${String(item)}]`)).join("/");
}

/** The way in a text; what cannot be read ends it. */
export function readPath(text: string): readonly Inward[] {
  const path: Inward[] = [];
  for (const part of text.split("/")) {
    const read = /^([^[\]]+)(?:\[(\d{1,6})\])?$/.exec(part);
    if (read?.[1] === undefined) break;
    path.push({ node: read[1], item: read[2] === undefined ? null : Number(read[2]) });
  }
  return path;
}

/** What the ids of the steps within a level begin with. */
export function prefixOf(path: readonly Inward[]): string {
  return path.length === 0 ? "" : `${pathText(path)}/`;
}

/** A step's id as it is in a level; undefined where it lies elsewhere. */
export function stepWithin(step: string, prefix: string): string | undefined {
  return step.startsWith(prefix) ? step.slice(prefix.length) : undefined;
}

/** The way to the graph that a step is a node of. */
export function wayTo(step: string): readonly Inward[] {
  return readPath(step.slice(0, Math.max(0, step.lastIndexOf("/"))));
}

/** Every loop that a step lies in, with the item that it is for: of `a[1]/b[2]/c` these are `a` and `a[1]/b`. */
export function loopsOf(step: string): readonly (readonly [loop: string, item: number])[] {
  return [...step.matchAll(/\[(\d+)\]\//g)].map((found) => [step.slice(0, found.index), Number(found[1])] as const);
}

/** The name of the saved graph that a type stands for; undefined for another node's. */
export function savedIn(type: string | undefined): string | undefined {
  return type?.startsWith(SAVED) === true ? type.slice(SAVED.length) : undefined;
}

/** The names of the saved graphs that a graph is made of, those within these as well, each with how many nodes stand for it. */
export function usesIn(graph: Graph, saved: ReadonlyMap<string, Draft>): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  const waiting = [graph];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const { type } of next.nodes.values()) {
      const name = savedIn(type);
      if (name === undefined) continue;
      const inner = saved.get(name);
      if (!uses.has(name) && inner !== undefined) waiting.push(inner.graph);
      uses.set(name, (uses.get(name) ?? 0) + 1);
    }
  }
  return uses;
}
