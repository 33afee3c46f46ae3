/** What there is to be seen of the graph that is open, followed as its nodes end. */

import { useMemo, useSyncExternalStore } from "react";

import { documents, typeOfNow, useDocuments } from "../state/documents.ts";
import { outputBoard, useOutputsOf } from "../state/outputs.ts";
import { statusBoard } from "../state/runs.ts";
import { type Assembly, assemble, makersOf, sceneNodes, type Seen } from "./assembly.ts";

const made = (node: string) => outputBoard.get(node);

export interface Followed extends Assembly {
  /** Grows when anything changed. */
  readonly version: number;
}

export function useAssembly(): Followed {
  const graph = useDocuments((state) => state.history.now.graph);
  const catalogue = useDocuments((state) => state.catalogue);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- types follow from graph and catalogue
  const nodes = useMemo(() => sceneNodes(graph, typeOfNow), [graph, catalogue]);
  const version = useOutputsOf(nodes);
  const expected = useSyncExternalStore(
    (listener) => statusBoard.subscribeAll(listener),
    () => nodes.filter(isExpected).join(" "),
  );
  return useMemo(() => {
    const waiting = new Set(expected.split(" "));
    return { ...assemble(graph, typeOfNow, made, (node) => waiting.has(node)), version };
  }, [graph, expected, version]);
}

function isExpected(node: string): boolean {
  const { state } = statusBoard.get(node);
  return state === "queued" || state === "running";
}

/** The nodes that an object of the scene of `base` comes from. */
export function makersNow(base: string, seen: Seen): readonly string[] {
  return makersOf(documents.getState().history.now.graph, typeOfNow, made, base, seen);
}
