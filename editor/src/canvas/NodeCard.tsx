/** A node on the canvas. Its size comes from its type: nothing that a run tells ever changes it. */

import type { NodeProps } from "@xyflow/react";
import { Variable } from "lucide-react";
import { memo, useEffect, useRef } from "react";

import { drawnInputs, type NodeType } from "../core/catalogue.ts";
import { placeOf } from "../core/draft.ts";
import { shapeOf, type Row, type Shape } from "../core/geometry.ts";
import { baseOf } from "../core/types.ts";
import { widgetOf } from "../core/values.ts";
import { typeIn, useDocuments } from "../state/documents.ts";
import { useSay } from "../state/preferences.ts";
import { useViews } from "../state/views.ts";
import { type FlowNode, handleOf } from "./flow.ts";
import { NodeFooter } from "./NodeFooter.tsx";
import { NodeHeader } from "./NodeHeader.tsx";
import { NodePreview } from "./NodePreview.tsx";
import { useNodeLook } from "./nodeLook.ts";
import { PortHandle } from "./PortHandle.tsx";
import { PaintMask } from "./widgets/PaintButton.tsx";
import { Widget } from "./widgets/Widget.tsx";

export const NodeCard = memo(function NodeCard({ id: name }: NodeProps<FlowNode>) {
  const type = useDocuments((state) => typeIn(state, name));
  const isCollapsed = useDocuments((state) => placeOf(state.history.now, name).isCollapsed);
  const tint = useDocuments((state) => placeOf(state.history.now, name).tint);
  const isSimple = useViews((state) => state.detail !== "full");
  const isSelected = useViews((state) => state.nodes.has(name));
  const isFocused = useViews((state) => state.focused === name);
  const isEntered = useViews((state) => state.entered === name);
  const look = useNodeLook(name);
  const say = useSay();
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // A press into one of its controls has put the keyboard where it belongs already.
    if (isFocused && !isEntered && card.current?.contains(document.activeElement) === false) card.current.focus({ preventScroll: true });
  }, [isFocused, isEntered]);
  const shape = shapeOf(type, isCollapsed);
  const marks = ["card", `state-${look.state}`, isSelected ? "is-selected" : "", isCollapsed ? "is-collapsed" : ""];
  return (
    <div
      ref={card}
      className={marks.filter(Boolean).join(" ")}
      style={{ width: shape.width, height: shape.height, "--tint": tint === null ? undefined : `var(--tint-${tint})` }}
      tabIndex={isFocused ? 0 : -1}
      role="group"
      aria-label={say("node.label", { name, type: type.title, state: look.word })}
      data-node={name}
      data-testid={`node:${name}`}
    >
      <NodeHeader name={name} type={type} look={look} isSimple={isSimple} isEntered={isEntered} />
      {!isSimple && !isCollapsed && <NodeBody name={name} type={type} shape={shape} isEntered={isEntered} />}
      {isSimple ? <PortPlaces shape={shape} /> : <Ports name={name} type={type} shape={shape} isEntered={isEntered} />}
      {!isSimple && !isCollapsed && <NodeFooter name={name} type={type} look={look} />}
    </div>
  );
});

interface Part {
  readonly name: string;
  readonly type: NodeType;
  readonly shape: Shape;
  readonly isEntered: boolean;
}

const NodeBody = memo(function NodeBody({ name, type, shape, isEntered }: Part) {
  return (
    <>
      {shape.rows.map((row) => (
        <BodyRow key={row.top} name={name} type={type} row={row} isEntered={isEntered} />
      ))}
      {shape.previewHeight > 0 && <NodePreview name={name} type={type} top={shape.previewTop} height={shape.previewHeight} />}
    </>
  );
});

function BodyRow({ name, row, isEntered }: { readonly name: string; readonly type: NodeType; readonly row: Row; readonly isEntered: boolean }) {
  const { input, output } = row;
  const source = useDocuments((state) => {
    const given = input === null ? undefined : state.history.now.graph.nodes.get(name)?.inputs.get(input.name);
    return given?.kind === "param" ? given.name : "";
  });
  const isEach = useDocuments((state) => input !== null && state.history.now.graph.nodes.get(name)?.forEach.includes(input.name) === true);
  const say = useSay();
  const kind = input === null ? "wire" : widgetOf(input);
  return (
    <div className={`row row-${kind === "prompt" || kind === "curve" ? "prompt" : kind === "wire" ? "wire" : "value"}`} style={{ top: row.top, height: row.height }}>
      {input !== null && (
        <span className="name" title={input.help}>
          {input.name.replaceAll("_", " ")}
          {source !== "" && (
            <em title={say("param.from", { name: source })}>
              <Variable size={11} aria-hidden="true" />
              {source === input.name ? <span className="unseen">{source}</span> : source}
            </em>
          )}
          {isEach && <b title={say("each.help")}>{say("each")}</b>}
        </span>
      )}
      {input !== null && kind !== "wire" && <Widget node={name} port={input} isTabbable={isEntered} />}
      {input !== null && baseOf(input.type) === "mask" && <PaintMask to={{ node: name, port: input.name }} tabIndex={isEntered ? 0 : -1} />}
      {output !== null && <span className="name out">{output.replaceAll("_", " ")}</span>}
    </div>
  );
}

/** React Flow looks for ports in whatever it mounts, and takes wires away from those that it does not find. */
const PortPlaces = memo(function PortPlaces({ shape }: { readonly shape: Shape }) {
  return (
    <>
      {[...shape.inputs].map(([port, top]) => (
        <i key={port} className="target place" data-handleid={handleOf("in", port)} data-handlepos="left" style={{ top }} />
      ))}
      {[...shape.outputs].map(([port, top]) => (
        <i key={port} className="source place" data-handleid={handleOf("out", port)} data-handlepos="right" style={{ top }} />
      ))}
    </>
  );
});

const Ports = memo(function Ports({ name, type, shape, isEntered }: Part) {
  return (
    <>
      {drawnInputs(type).map((port) => (
        <PortHandle key={port.name} node={name} port={port.name} type={port.type} side="in" help={port.help} top={shape.inputs.get(port.name) ?? 0} isTabbable={isEntered} />
      ))}
      {type.outputs.map((port) => (
        <PortHandle key={port.name} node={name} port={port.name} type={port.type} side="out" top={shape.outputs.get(port.name) ?? 0} isTabbable={isEntered} />
      ))}
    </>
  );
});
