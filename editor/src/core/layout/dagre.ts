/** Layout by dagre, for graphs of up to two hundred nodes. */

import dagre from "@dagrejs/dagre";
import * as v from "valibot";

import { COLUMN_GAP, type Points, ROW_GAP, type Sheet } from "./layout.ts";

const POINT = v.object({ x: v.number(), y: v.number() });

export function layOutByDagre(sheet: Sheet): Points {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: "LR", nodesep: ROW_GAP, ranksep: COLUMN_GAP, align: "UL" });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { name, width, height } of sheet.boxes) graph.setNode(name, { width, height });
  for (const [from, to] of sheet.pairs) graph.setEdge(from, to);
  dagre.layout(graph);
  return new Map(
    sheet.boxes.map(({ name, width, height }) => {
      const middle = v.parse(POINT, graph.node(name));
      return [name, { x: middle.x - width / 2, y: middle.y - height / 2 }];
    }),
  );
}
