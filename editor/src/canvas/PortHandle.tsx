/** A port: where wires begin and end, by mouse, by touch and by keyboard. */

import { Handle, Position } from "@xyflow/react";
import { memo } from "react";

import { fitByType } from "../core/connect.ts";
import { draftNow, type Documents, documents, sceneIn, useDocuments } from "../state/documents.ts";
import { linkingFrom } from "../state/actions.ts";
import { useSay } from "../state/preferences.ts";
import { stageNow } from "../state/stage.ts";
import { type Linking, useViews, type Views, views } from "../state/views.ts";
import { handleOf } from "./flow.ts";
import { PortMark } from "./PortMark.tsx";

interface PortProps {
  readonly node: string;
  readonly port: string;
  readonly type: string;
  readonly side: "in" | "out";
  readonly help?: string;
  readonly top: number;
  readonly isTabbable: boolean;
}

export const PortHandle = memo(function PortHandle({ node, port, type, side, help = "", top, isTabbable }: PortProps) {
  const say = useSay();
  const table = useDocuments((state) => state.catalogue.types);
  const fit = useViews((state) => fitWhileLinking(state, node, port, side));
  const isWired = useDocuments((state) => isConnected(state, node, port, side));
  const isEach = useDocuments((state) => side === "in" && state.history.now.graph.nodes.get(node)?.forEach.includes(port) === true);
  const shownType = useDocuments((state) => (side === "out" ? sceneIn(state).typing.get(node)?.get(port) || type : isEach ? `list[${type}]` : type));
  const begin = (element: Element) => {
    const box = element.getBoundingClientRect();
    const screen = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const linking = linkingFrom(side, { node, port }, true);
    views.setState({ search: { screen, canvas: stageNow()?.toCanvas(screen) ?? screen, need: null, linking } });
  };
  return (
    <Handle
      id={handleOf(side, port)}
      type={side === "in" ? "target" : "source"}
      position={side === "in" ? Position.Left : Position.Right}
      className={`port ${side} fit-${fit}${isWired ? " is-wired" : ""}`}
      style={{ top }}
      role="button"
      tabIndex={isTabbable ? 0 : -1}
      aria-label={say(side === "in" ? "port.input" : "port.output", { port, type: shownType })}
      aria-disabled={fit === "refused"}
      title={help === "" ? `${port}: ${shownType}` : `${port}: ${shownType}\n${help}`}
      data-testid={`port-${side}:${node}.${port}`}
      data-port={`${side}:${port}`}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        event.stopPropagation();
        begin(event.currentTarget);
      }}
    >
      <PortMark type={shownType} table={table} isFilled={isWired || side === "out" || !type.endsWith("?")} />
    </Handle>
  );
});

function isConnected(state: Documents, node: string, port: string, side: "in" | "out"): boolean {
  return side === "in" && state.history.now.graph.nodes.get(node)?.inputs.get(port)?.kind === "wire";
}

type PortFit = "none" | "own" | "plain" | "each" | "refused";

/** How a port goes with the wire that is being drawn. */
function fitWhileLinking(state: Views, node: string, port: string, side: "in" | "out"): PortFit {
  const { linking } = state;
  if (linking === null) return "none";
  if (linking.end.node === node && linking.end.port === port && linking.side === side) return "own";
  return fitWith(linking, node, port, side);
}

export function fitWith(linking: Linking, node: string, port: string, side: "in" | "out"): "plain" | "each" | "refused" {
  if (linking.side === side || linking.blocked.has(node)) return "refused";
  const other = { node, port };
  const scene = sceneIn(documents.getState());
  const fit = linking.side === "out" ? fitByType(scene, linking.end, other) : fitByType(scene, other, linking.end);
  return fit.kind;
}

/** Every port of the graph that a wire may end at, in the order of the document. */
export function fittingPorts(linking: Linking): readonly { readonly node: string; readonly port: string; readonly type: string }[] {
  const found: { node: string; port: string; type: string }[] = [];
  const { catalogue } = documents.getState();
  for (const [name, node] of draftNow().graph.nodes) {
    const type = catalogue.nodes.get(node.type);
    if (type === undefined || linking.blocked.has(name)) continue;
    const ports = linking.side === "out" ? type.inputs : type.outputs;
    const side = linking.side === "out" ? "in" : "out";
    for (const port of ports) {
      if (fitWith(linking, name, port.name, side) !== "refused") found.push({ node: name, port: port.name, type: port.type });
    }
  }
  return found;
}
