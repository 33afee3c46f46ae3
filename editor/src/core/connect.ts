/** Whether an output may go into an input, and in words why not. */

import type { Catalogue, Port } from "./catalogue.ts";
import { ancestors, type Graph, type Wire } from "./graph.ts";
import type { Said } from "../words/say.ts";
import { boundBy, plainType, type Typing } from "./typing.ts";
import { boundTo, fits, listOf } from "./types.ts";

/** How an output fits: as it is, item by item of a list, or not, with the reason. */
export type Fit =
  | { readonly kind: "plain" }
  | { readonly kind: "each" }
  | { readonly kind: "refused"; readonly said: Said };

/** Everything that a connection is judged by. */
export interface Scene {
  readonly graph: Graph;
  readonly catalogue: Catalogue;
  readonly typing: Typing;
}

export function fitOf(scene: Scene, from: Wire, to: Wire): Fit {
  if (leadsTo(scene.graph, to.node, from.node)) return refused({ key: "refuse.loop", values: {} });
  return fitByType(scene, from, to);
}

/** The same for a pair of ports that is known to close no circle. */
export function fitByType(scene: Scene, from: Wire, to: Wire): Fit {
  const node = scene.graph.nodes.get(to.node);
  const type = node === undefined ? undefined : scene.catalogue.nodes.get(node.type);
  const port = type?.inputs.find((one) => one.name === to.port);
  if (node === undefined || type === undefined || port === undefined) {
    return refused({ key: "refuse.unknownInput", values: { port: to.port } });
  }
  const gives = scene.typing.get(from.node)?.get(from.port);
  if (gives === undefined || gives === "") return refused({ key: "refuse.unknownOutput", values: { port: from.port } });
  return fitOfType(scene, to.node, port, gives);
}

/** How a type fits a port of a node that stands in the graph. What the node does now is tried first. */
function fitOfType(scene: Scene, name: string, port: Port, gives: string): Fit {
  const node = scene.graph.nodes.get(name);
  const type = node === undefined ? undefined : scene.catalogue.nodes.get(node.type);
  if (node === undefined || type === undefined) return refused({ key: "refuse.unknownInput", values: { port: port.name } });
  const fitsAs = (wanted: string) =>
    fits(scene.catalogue.types, gives, boundTo(wanted, gives, boundBy(scene.graph, scene.typing, node, type, port.name)));
  const now = plainType(node, port);
  const isEachNow = now !== port.type;
  if (fitsAs(now)) return { kind: isEachNow ? "each" : "plain" };
  if (fitsAs(isEachNow ? port.type : listOf(port.type))) return { kind: isEachNow ? "plain" : "each" };
  return refused({ key: "refuse.type", values: { gives, takes: port.type } });
}

/** Whether what `from` gives reaches `to`, directly or through others; a node reaches itself. */
export function leadsTo(graph: Graph, from: string, to: string): boolean {
  return from === to || ancestors(graph, [to]).has(from);
}

/** How a type fits a port of a node that is not in a graph yet. */
export function fitsPort(catalogue: Catalogue, gives: string, port: Port): "plain" | "each" | undefined {
  const fitsAs = (wanted: string) => fits(catalogue.types, gives, boundTo(wanted, gives, new Map()));
  if (fitsAs(port.type)) return "plain";
  return fitsAs(listOf(port.type)) ? "each" : undefined;
}

function refused(said: Said): Fit {
  return { kind: "refused", said };
}
