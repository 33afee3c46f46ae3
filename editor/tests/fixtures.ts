/** Graphs and a catalogue for tests, written as short as they are read. */

import { readFileSync } from "node:fs";

import { asUsed, type Catalogue, readCatalogue } from "../src/core/catalogue.ts";
import { type Draft, draftOf, readDraft } from "../src/core/draft.ts";
import { parseGraph } from "../src/core/graphRead.ts";
import { jsonOf } from "../src/core/json.ts";
import type { Scene } from "../src/core/connect.ts";
import { typingOf } from "../src/core/typing.ts";
import { missingType, type TypeOf } from "../src/core/geometry.ts";

/** A file of `tests/vectors`, which the engine wrote. */
export function vector(name: string): unknown {
  const parsed: unknown = JSON.parse(readFileSync(new URL(`vectors/${name}.json`, import.meta.url), "utf8"));
  return parsed;
}

export function templates(): readonly (readonly [string, string])[] {
  const folder = new URL("../../graphs/", import.meta.url);
  return ["image_to_mesh", "text_to_mesh", "text_to_motion", "text_to_music", "text_to_scene"].map((name) => [
    name,
    readFileSync(new URL(`${name}.json`, folder), "utf8"),
  ]);
}

/** The catalogue of the vectors: load, cut, resize, plan, inflate, pick, switch. */
export function catalogue(): Catalogue {
  return known;
}

const known = readCatalogue(readVectors());

function readVectors(): unknown {
  const read = vector("checks");
  if (typeof read !== "object" || read === null || !("catalogue" in read)) throw new Error("no catalogue");
  return read.catalogue;
}

export function draft(nodes: Readonly<Record<string, unknown>>, rest: Readonly<Record<string, unknown>> = {}): Draft {
  const read = parseGraph(jsonOf({ format: 1, nodes, ...rest }));
  if (!read.isOk) throw new Error(JSON.stringify(read.faults));
  return draftOf(read.value);
}

export function draftIn(text: string): Draft {
  const read = readDraft(text);
  if (!read.isOk) throw new Error(JSON.stringify(read.faults));
  return read.value;
}

/** A node as a word: `cut image=a.value tolerance=3`. */
export function node(words: string): unknown {
  const [type, ...given] = words.split(" ");
  const inputs: Record<string, unknown> = {};
  for (const one of given) {
    const [port = "", value = ""] = one.split("=");
    inputs[port] = /\.[a-z]/.test(value) ? { wire: value } : value.startsWith("$") ? { param: value.slice(1) } : JSON.parse(value);
  }
  return { type: `t/${type ?? ""}`, inputs };
}

/** Nodes by name: `a: "load"`, `b: "cut image=a.value"`. */
export function graph(nodes: Readonly<Record<string, string>>, rest: Readonly<Record<string, unknown>> = {}): Draft {
  return draft(Object.fromEntries(Object.entries(nodes).map(([name, words]) => [name, node(words)])), rest);
}

export function sceneOf(given: Draft): Scene {
  return { graph: given.graph, catalogue: known, typing: typingOf(given.graph, known) };
}

export function typesIn(given: Draft): TypeOf {
  return (name) => {
    const found = given.graph.nodes.get(name);
    if (found === undefined) throw new Error(name);
    const type = known.nodes.get(found.type);
    return type === undefined ? missingType(found.type, found, []) : asUsed(type, found);
  };
}
