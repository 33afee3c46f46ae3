/** The timeline of the graph that is open. */

import { useEffect, useMemo } from "react";

import { typeOfNow, useDocuments } from "../state/documents.ts";
import { outputBoard, useOutputsOf } from "../state/outputs.ts";
import { prepare } from "./playback.ts";
import { type Timeline, timelineNodes, timelineOf } from "./timeline.ts";
import { useAssembly } from "./useAssembly.ts";

export function useTimeline(): Timeline {
  const { base } = useAssembly();
  const graph = useDocuments((state) => state.history.now.graph);
  const catalogue = useDocuments((state) => state.catalogue);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- types follow from graph and catalogue
  const nodes = useMemo(() => timelineNodes(graph, typeOfNow), [graph, catalogue]);
  const version = useOutputsOf(nodes);
  const timeline = useMemo(
    () => timelineOf(graph, typeOfNow, (node) => outputBoard.get(node), base === null ? null : { node: base.node, seconds: secondsOf(base.node, base.digest) }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what nodes gave is known by its version
    [graph, base, version],
  );
  useEffect(() => prepare(timeline), [timeline]);
  return timeline;
}

/** How long a scene says it lasts. */
function secondsOf(node: string, digest: string): number {
  for (const { given } of outputBoard.get(node)) {
    if (given.kind !== "artefact" || given.digest !== digest) continue;
    const { seconds } = given.facts;
    return typeof seconds === "number" ? seconds : 0;
  }
  return 0;
}
