/** Where a mask belongs: the picture that it is painted on, and the node that hands it in. */

import { setInput, setValue } from "./edit/inputs.ts";
import { addNode } from "./edit/nodes.ts";
import { type Draft, placeOf } from "./draft.ts";
import { type TypeOf, WIDTH } from "./geometry.ts";
import { type Graph, linksOf, wired, type Wire } from "./graph.ts";
import { baseOf } from "./types.ts";

/** The node that gives a file as a mask. */
export const LOAD_MASK = "diorama/load_mask";
const GAP = 60;

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

/** The draft with a painted mask at an input: in the node that loads it, which is added to the left where there is none. */
export function withMask(draft: Draft, to: Wire, file: string): Draft {
  const known = loaderOf(draft.graph, to);
  if (known !== undefined) return setValue(draft, { node: known, port: "file" }, file);
  const { x, y } = placeOf(draft, to.node);
  const added = addNode(draft, LOAD_MASK, { x: x - WIDTH - GAP, y: y + GAP });
  return setInput(setValue(added.draft, { node: added.name, port: "file" }, file), to, wired(added.name, "mask"));
}
