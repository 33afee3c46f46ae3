/** A node dropped on a wire goes in between, where its ports allow it. */

import type { NodeType } from "../catalogue.ts";
import { fitOf, fitsPort, type Scene } from "../connect.ts";
import type { Draft } from "../draft.ts";
import type { Link, Wire } from "../graph.ts";
import { typingOf } from "../typing.ts";
import { connect } from "./inputs.ts";

/** The draft with a node put into a wire, or undefined where none of its ports fit on both sides. */
export function insertOnWire(draft: Draft, scene: Scene, name: string, link: Link): Draft | undefined {
  const node = draft.graph.nodes.get(name);
  const type = node === undefined ? undefined : scene.catalogue.nodes.get(node.type);
  if (node === undefined || type === undefined || name === link.from.node || name === link.to.node) return undefined;
  for (const port of type.inputs) {
    if (node.inputs.get(port.name)?.kind === "wire") continue;
    const into = { from: link.from, to: { node: name, port: port.name } };
    if (fitOf(scene, into.from, into.to).kind === "refused") continue;
    const half = connect(draft, scene, into);
    const halfScene = { ...scene, graph: half.graph, typing: typingOf(half.graph, scene.catalogue) };
    for (const output of type.outputs) {
      const out = { from: { node: name, port: output.name }, to: link.to };
      if (isUsed(draft, out.from) || fitOf(halfScene, out.from, out.to).kind === "refused") continue;
      return connect(half, halfScene, out);
    }
  }
  return undefined;
}

/** Whether a wire goes out of an output already: a node that is in use is not torn out of its place by a touch. */
function isUsed(draft: Draft, from: Wire): boolean {
  for (const node of draft.graph.nodes.values()) {
    for (const input of node.inputs.values()) {
      if (input.kind === "wire" && input.wire.node === from.node) return true;
    }
  }
  return false;
}

/** The port of a new node that takes what an output gives: a required one first. */
export function inputFor(scene: Scene, type: NodeType, gives: string): string | undefined {
  const fitting = type.inputs.filter((port) => fitsPort(scene.catalogue, gives, port) !== undefined);
  const best =
    fitting.find((port) => port.type === gives && port.default === undefined) ??
    fitting.find((port) => port.default === undefined) ??
    fitting.find((port) => port.type === gives) ??
    fitting[0];
  return best?.name;
}

/** The output of a new node that may go into an input. */
export function outputFor(scene: Scene, type: NodeType, to: Wire): string | undefined {
  const taker = scene.graph.nodes.get(to.node);
  const port = scene.catalogue.nodes.get(taker?.type ?? "")?.inputs.find((one) => one.name === to.port);
  if (port === undefined) return undefined;
  const fitting = type.outputs.filter((output) => fitsPort(scene.catalogue, output.type, port) !== undefined);
  return (fitting.find((output) => output.type === port.type) ?? fitting[0])?.name;
}
