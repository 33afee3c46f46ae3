/** A wire: in the colour of its type, dimmed where it has nothing to do with what is selected. */

import { BaseEdge, type EdgeProps } from "@xyflow/react";
import { memo } from "react";

import { portPoint } from "../core/geometry.ts";
import { placeOf } from "../core/draft.ts";
import type { Point } from "../core/view.ts";
import { sceneIn, typeIn, useDocuments, type Documents } from "../state/documents.ts";
import { useSay } from "../state/preferences.ts";
import { isRunning, useStatusOf } from "../state/runs.ts";
import { useViews, type Views } from "../state/views.ts";
import { colorOf } from "../theme/ports.ts";
import { portOfHandle } from "./flow.ts";
import type { FlowEdge } from "./flow.ts";
import { STUB, stubPath, wirePath } from "./wirePath.ts";

const NO_POINTS: readonly Point[] = [];

export const WireEdge = memo(function WireEdge(edge: EdgeProps<FlowEdge>) {
  const { id, source, target } = edge;
  const port = portOfHandle(edge.sourceHandleId ?? "");
  const type = useDocuments((state) => sceneIn(state).typing.get(source)?.get(port) || typeOfOutput(state, source, port));
  const table = useDocuments((state) => state.catalogue.types);
  const reroutes = useDocuments((state) => state.history.now.view.reroutes.get(id) ?? NO_POINTS);
  const place = useDocuments((state) => placeOf(state.history.now, source));
  const end = useDocuments((state) => placeOf(state.history.now, target));
  const sourceType = useDocuments((state) => typeIn(state, source));
  const targetType = useDocuments((state) => typeIn(state, target));
  const isDim = useViews((state) => isUnrelated(state, id, source, target));
  const isActive = useStatusOf(target, isRunning);
  const isBypassed = useDocuments((state) => state.history.now.graph.nodes.get(target)?.isBypassed === true);
  const from = portPoint(sourceType, place, port, "out");
  const to = portPoint(targetType, end, portOfHandle(edge.targetHandleId ?? ""), "in");
  const isHidden = useDocuments((state) => state.history.now.view.hidden.includes(id));
  const isLookedAt = useViews((state) => state.links.has(id) || state.nodes.has(source) || state.nodes.has(target));
  const isCut = isHidden && !isLookedAt;
  const path = isCut ? stubPath(from, to) : wirePath([from, ...reroutes, to]);
  const isWanted = useViews((state) => state.insertInto === id);
  const marks = [
    "wire",
    edge.selected === true ? "is-selected" : "",
    isDim ? "is-dim" : "",
    isBypassed ? "is-bypassed" : "",
    isWanted ? "is-wanted" : "",
    type.startsWith("list[") ? "is-list" : "",
    isCut ? "is-hidden" : "",
  ];
  const style = { "--wire": colorOf(type, table) };
  return (
    <g className={marks.filter(Boolean).join(" ")} style={style} data-testid={`wire:${id}`}>
      <BaseEdge id={id} path={path} interactionWidth={16} />
      {isCut && <StubNames from={from} to={to} source={source} target={target} />}
      {isActive && !isCut && <path d={path} className="pulse" pathLength={100} />}
    </g>
  );
});

/** Where a hidden wire goes, beside each of its ends. */
function StubNames({ from, to, source, target }: { readonly from: Point; readonly to: Point; readonly source: string; readonly target: string }) {
  const say = useSay();
  return (
    <>
      <text className="stub" x={from.x + STUB + 6} y={from.y}>
        {say("wire.to", { to: target })}
      </text>
      <text className="stub is-end" x={to.x - STUB - 6} y={to.y}>
        {say("wire.from", { from: source })}
      </text>
    </>
  );
}

function typeOfOutput(state: Documents, source: string, port: string): string {
  return typeIn(state, source).outputs.find((output) => output.name === port)?.type ?? "any";
}

function isUnrelated(state: Views, id: string, source: string, target: string): boolean {
  if (state.nodes.size === 0 && state.links.size === 0) return false;
  return !state.links.has(id) && !state.nodes.has(source) && !state.nodes.has(target);
}
