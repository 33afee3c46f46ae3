/** The sounds that a mix was made of, and which of them belong to a figure of the scene. */

import type { TypeOf } from "../core/geometry.ts";
import { type Graph, linksOf } from "../core/graph.ts";
import { numberIn } from "../core/json.ts";
import { baseOf } from "../core/types.ts";
import type { MadeBy } from "./assembly.ts";

export interface Stem {
  readonly digest: string;
  /** Decibels that the mix is asked to turn it up by. */
  readonly level: number;
  /** The number of the figure that it is heard from; null for what is all around. */
  readonly actor: number | null;
}

/**
 * The sounds that a mix, or several, were made of, where all are there: those of nodes that take no sound. What is made of motions
 * comes from the figures that move so, the first from the first.
 */
export function stemsOf(graph: Graph, typeOf: TypeOf, made: MadeBy): readonly Stem[] {
  const links = [...linksOf(graph)];
  const gives = (node: string, port: string) => baseOf(typeOf(node).outputs.find((output) => output.name === port)?.type ?? "");
  const into = (node: string, type: string) => links.filter(({ from, to }) => to.node === node && gives(from.node, from.port) === type);
  const mixed = [...new Set(links.filter(({ from }) => gives(from.node, from.port) === "audio").map(({ from }) => from.node))];
  const sources = mixed.filter((node) => into(node, "audio").length === 0);
  // What has been worked upon before it was mixed is no longer what its source gave.
  const isPlain = sources.every((node) => links.some(({ from, to }) => from.node === node && levelOf(graph, typeOf, to.node, to.port) !== undefined));
  const stems = sources.map((node) => {
    const taker = links.find(({ from }) => from.node === node);
    const level = taker === undefined ? 0 : (levelOf(graph, typeOf, taker.to.node, taker.to.port) ?? 0);
    const isMoved = into(node, "motion").length > 0;
    return made(node).flatMap(({ given, call, item }): readonly Stem[] =>
      given.kind === "artefact" && given.type === "audio" ? [{ digest: given.digest, level, actor: isMoved ? call + item : null }] : []);
  });
  return isPlain && stems.every((some) => some.length > 0) ? stems.flat() : [];
}

/** What a mix is asked to turn an input up by: its input of the same name with `_level`. Undefined where it has none, or where that is not known. */
function levelOf(graph: Graph, typeOf: TypeOf, node: string, port: string): number | undefined {
  const name = `${port}_level`;
  const declared = typeOf(node).inputs.find((one) => one.name === name);
  const given = graph.nodes.get(node)?.inputs.get(name);
  if (declared === undefined || given?.kind === "wire" || given?.kind === "param") return undefined;
  return numberIn(given?.value ?? declared.default);
}
