/** The wire that is being drawn, and beside the pointer the reason where it would be refused. */

import type { ConnectionLineComponentProps } from "@xyflow/react";

import { fitOf } from "../core/connect.ts";
import { linkBetween } from "../state/actions.ts";
import { sceneNow, useDocuments } from "../state/documents.ts";
import { useSay, useSayThat } from "../state/preferences.ts";
import { useViews } from "../state/views.ts";
import { colorOf } from "../theme/ports.ts";
import { type FlowNode, portOfHandle } from "./flow.ts";
import { wirePath } from "./wirePath.ts";

export function ConnectionLine({ fromX, fromY, toX, toY, toHandle, fromHandle }: ConnectionLineComponentProps<FlowNode>) {
  const say = useSay();
  const sayThat = useSayThat();
  const linking = useViews((state) => state.linking);
  const table = useDocuments((state) => state.catalogue.types);
  if (linking === null) return null;
  const scene = sceneNow();
  const { node, port } = linking.end;
  const type = linking.side === "out" ? scene.typing.get(node)?.get(port) : scene.catalogue.nodes.get(scene.graph.nodes.get(node)?.type ?? "")?.inputs.find((one) => one.name === port)?.type;
  const other = toHandle?.id == null || (toHandle.nodeId === fromHandle.nodeId && toHandle.id === fromHandle.id) ? null : { node: toHandle.nodeId, port: portOfHandle(toHandle.id) };
  const wire = other === null ? null : linkBetween(linking, other);
  const fit = wire === null ? null : fitOf(scene, wire.from, wire.to);
  const words = fit === null ? "" : fit.kind === "refused" ? sayThat(fit.said) : fit.kind === "each" ? say("each.help") : "";
  const points = [{ x: fromX, y: fromY }, { x: toX, y: toY }];
  const path = wirePath(linking.side === "out" ? points : points.toReversed());
  return (
    <g style={{ "--wire": colorOf(type ?? "any", table) }} className={`drawn${fit?.kind === "refused" ? " is-refused" : ""}`}>
      <path d={path} className="react-flow__connection-path" fill="none" />
      {words !== "" && (
        <foreignObject x={toX + 14} y={toY + 10} width={280} height={40} className="reason-box">
          <span className="reason">{words}</span>
        </foreignObject>
      )}
    </g>
  );
}
