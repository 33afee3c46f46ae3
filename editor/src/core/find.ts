/** Finds nodes of a graph by name, type, title, and the text of their values. */

import type { Catalogue } from "./catalogue.ts";
import type { Graph, GraphNode } from "./graph.ts";
import { canonical } from "./jsonWrite.ts";

export interface Hit {
  readonly name: string;
  /** Where the words stand: in the name, the type's title or id, or in the value of a port. */
  readonly where: "name" | "title" | "type" | "value";
  readonly port: string | null;
  /** What was found, with a little around it. */
  readonly excerpt: string;
}

const AROUND = 32;

/** Nodes in which the words stand: those named so first, each once. */
export function findNodes(graph: Graph, catalogue: Catalogue, words: string): readonly Hit[] {
  const wanted = words.trim().toLocaleLowerCase();
  if (wanted === "") return [];
  const hits: { hit: Hit; rank: number }[] = [];
  for (const [name, node] of graph.nodes) {
    const hit = hitIn(graph, name, node, catalogue, wanted);
    if (hit !== undefined) hits.push(hit);
  }
  return hits.sort((a, b) => a.rank - b.rank).map(({ hit }) => hit);
}

function hitIn(graph: Graph, name: string, node: GraphNode, catalogue: Catalogue, wanted: string): { hit: Hit; rank: number } | undefined {
  const title = catalogue.nodes.get(node.type)?.title ?? "";
  const isIn = (text: string) => text.toLocaleLowerCase().includes(wanted);
  if (isIn(name)) return { hit: { name, where: "name", port: null, excerpt: name }, rank: name.toLocaleLowerCase() === wanted ? 0 : 1 };
  if (isIn(title)) return { hit: { name, where: "title", port: null, excerpt: title }, rank: 2 };
  if (isIn(node.type)) return { hit: { name, where: "type", port: null, excerpt: node.type }, rank: 3 };
  for (const [port, input] of node.inputs) {
    if (input.kind === "wire") continue;
    const value = input.kind === "param" ? graph.parameters.get(input.name)?.default : input.value;
    const text = typeof value === "string" ? value : value === undefined ? "" : canonical(value);
    if (input.kind === "param" && isIn(input.name)) return { hit: { name, where: "value", port, excerpt: input.name }, rank: 4 };
    if (isIn(text)) return { hit: { name, where: "value", port, excerpt: excerptOf(text, wanted) }, rank: 4 };
  }
  return undefined;
}

function excerptOf(text: string, wanted: string): string {
  const at = text.toLocaleLowerCase().indexOf(wanted);
  const start = Math.max(0, at - AROUND);
  const end = Math.min(text.length, at + wanted.length + AROUND);
  return `${start > 0 ? "..." : ""}${text.slice(start, end).replaceAll(/\s+/g, " ")}${end < text.length ? "..." : ""}`;
}
