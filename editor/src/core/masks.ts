/** Where a mask belongs: the picture that it is painted on, and the node that hands it in. */

import { setInput, setValue } from "./edit/inputs.ts";
import { addNode } from "./edit/nodes.ts";
import { type Draft, placeOf } from "./draft.ts";
import { overlap, rectOf, type TypeOf, WIDTH } from "./geometry.ts";
import { type Graph, linksOf, wired, type Wire } from "./graph.ts";
import { baseOf } from "./types.ts";
import type { Point } from "./view.ts";

/** The node that gives a file as a mask. */
export const LOAD_MASK = "diorama/load_mask";
const GAP = 60;
/** Height that a loading node needs at most. */
const ROOM = 280;

/** The output whose picture a mask at an input is for: what the same node takes as its picture. */
export function pictureBeside(graph: Graph, typeOf: TypeOf, name: string): Wire | undefined {
  const port = typeOf(name).inputs.find((one) => baseOf(one.type) === "image")?.name;
  const given = port === undefined ? undefined : graph.nodes.get(name)?.inputs.get(port);
  return given?.kind === "wire" ? given.wire : undefined;
}

/** The output whose picture the mask of a loading node is for: that of the first node which takes it and a picture. */
export function pictureBelow(graph: Graph, typeOf: TypeOf, name: string): Wire | undefined {
  for (const { from, to } of linksOf(graph)) {
    const picture = from.node === name ? pictureBeside(graph, typeOf, to.node) : undefined;
    if (picture !== undefined) return picture;
  }
  return undefined;
}

/** The loading node that gives an input its mask; undefined where another gives it, or none. */
export function loaderOf(graph: Graph, to: Wire): string | undefined {
  const given = graph.nodes.get(to.node)?.inputs.get(to.port);
  return given?.kind === "wire" && graph.nodes.get(given.wire.node)?.type === LOAD_MASK ? given.wire.node : undefined;
}

/** A place to the left of a node, as far down as nothing else stands there. */
function freePlace(draft: Draft, typeOf: TypeOf, name: string): Point {
  const { x, y } = placeOf(draft, name);
  const others = [...draft.graph.nodes.keys()].map((one) => rectOf(draft, typeOf, one));
  const place = { x: x - WIDTH - GAP, y: y + GAP, width: WIDTH, height: ROOM };
  for (let below = others.find((rect) => overlap(rect, place)); below !== undefined; below = others.find((rect) => overlap(rect, place))) {
    place.y = below.y + below.height + GAP / 2;
  }
  return { x: place.x, y: place.y };
}

/** The draft with a painted mask at an input: in the node that loads it, which is added to the left where there is none. */
export function withMask(draft: Draft, typeOf: TypeOf, to: Wire, file: string): Draft {
  const known = loaderOf(draft.graph, to);
  if (known !== undefined) return setValue(draft, { node: known, port: "file" }, file);
  const added = addNode(draft, LOAD_MASK, freePlace(draft, typeOf, to.node));
  return setInput(setValue(added.draft, { node: added.name, port: "file" }, file), to, wired(added.name, "mask"));
}
