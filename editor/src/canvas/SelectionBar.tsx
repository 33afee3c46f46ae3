/** What can be done with the selection, above it; the only thing that floats over the graph. */

import { ViewportPortal } from "@xyflow/react";
import {
  AlignCenterHorizontal, AlignCenterVertical, AlignEndHorizontal, AlignEndVertical, AlignHorizontalDistributeCenter,
  AlignStartHorizontal, AlignStartVertical, AlignVerticalDistributeCenter, ChevronsDownUp, Copy, CornerRightDown, Minus, Palette, Play, Square, Trash2, Workflow,
} from "lucide-react";
import { type ReactNode, useState } from "react";

import { around, frameRect, rectOf } from "../core/geometry.ts";
import { savedIn } from "../core/levels.ts";
import { TINTS } from "../core/view.ts";
import { tintSelection } from "../state/actions.ts";
import { commandOf, runCommand, shortcutOf, type CommandId } from "../state/commands.ts";
import { typeIn, useDocuments } from "../state/documents.ts";
import { useSay } from "../state/preferences.ts";
import { useTabs } from "../state/tabs.ts";
import { useViews } from "../state/views.ts";

export function SelectionBar() {
  const nodes = useViews((state) => state.nodes);
  const frames = useViews((state) => state.frames);
  const notes = useViews((state) => state.notes);
  const zoom = useViews((state) => state.zoom);
  const isBusy = useViews((state) => state.linking !== null || state.renaming !== null || state.isDragging);
  const isInside = useTabs((state) => state.active !== state.root);
  const isSubgraph = useDocuments((state) => nodes.size === 1 && frames.size === 0 && savedIn(state.history.now.graph.nodes.get([...nodes][0] ?? "")?.type) !== undefined);
  const [isColouring, setColouring] = useState(false);
  const say = useSay();
  const rect = useDocuments((state) => {
    const draft = state.history.now;
    const typeOf = (name: string) => typeIn(state, name);
    const whole = around([
      ...[...nodes].filter((name) => draft.graph.nodes.has(name)).map((name) => rectOf(draft, typeOf, name)),
      ...[...frames].flatMap((id) => frameRect(draft, typeOf, draft.view.frames.get(id) ?? { title: "", tint: "grey", members: [] }) ?? []),
      ...[...notes].flatMap((id) => draft.view.notes.get(id) ?? []),
    ]);
    return whole === undefined ? "" : `${String(whole.x + whole.width / 2)} ${String(whole.y)}`;
  });
  if (rect === "" || isBusy) return null;
  const [x = "0", y = "0"] = rect.split(" ");
  const style = { transform: `translate(${x}px, ${y}px) scale(${String(1 / zoom)}) translate(-50%, calc(-100% - 10px))` };
  return (
    <ViewportPortal>
      <div className="selection-bar nodrag nopan" style={style} role="toolbar" aria-label={say("selection.bar")}>
        {isSubgraph && <BarButton id="goInto" icon={<CornerRightDown size={16} />} />}
        {nodes.size + frames.size > 0 && !isInside && <BarButton id={nodes.size === 1 ? "runTo" : "runSelection"} icon={<Play size={16} />} />}
        {nodes.size + frames.size > 0 && <BarButton id="bypass" icon={<Minus size={16} />} />}
        {nodes.size + frames.size > 0 && <BarButton id="collapse" icon={<ChevronsDownUp size={16} />} />}
        {nodes.size > 0 && <BarButton id="frame" icon={<Square size={16} />} />}
        {nodes.size > 1 && <BarButton id="pack" icon={<Workflow size={16} />} />}
        {nodes.size > 1 && <AlignButtons hasThree={nodes.size > 2} />}
        <BarButton id="duplicate" icon={<Copy size={16} />} />
        <button type="button" className="tool" aria-label={say("selection.colour")} title={say("selection.colour")} aria-expanded={isColouring} onClick={() => setColouring(!isColouring)}>
          <Palette size={16} aria-hidden="true" />
        </button>
        {isColouring && <Tints onDone={() => setColouring(false)} />}
        <BarButton id="delete" icon={<Trash2 size={16} />} />
      </div>
    </ViewportPortal>
  );
}

function BarButton({ id, icon }: { readonly id: CommandId; readonly icon: ReactNode }) {
  const say = useSay();
  const title = say(commandOf(id).title);
  const keys = shortcutOf(id);
  return (
    <button type="button" className="tool" aria-label={title} title={keys === "" ? title : `${title} (${keys})`} data-testid={`bar:${id}`} onClick={() => runCommand(id)}>
      {icon}
    </button>
  );
}

function AlignButtons({ hasThree }: { readonly hasThree: boolean }) {
  return (
    <span className="tools">
      <BarButton id="alignLeft" icon={<AlignStartVertical size={16} />} />
      <BarButton id="alignCenter" icon={<AlignCenterVertical size={16} />} />
      <BarButton id="alignRight" icon={<AlignEndVertical size={16} />} />
      <BarButton id="alignTop" icon={<AlignStartHorizontal size={16} />} />
      <BarButton id="alignMiddle" icon={<AlignCenterHorizontal size={16} />} />
      <BarButton id="alignBottom" icon={<AlignEndHorizontal size={16} />} />
      {hasThree && <BarButton id="distributeX" icon={<AlignHorizontalDistributeCenter size={16} />} />}
      {hasThree && <BarButton id="distributeY" icon={<AlignVerticalDistributeCenter size={16} />} />}
    </span>
  );
}

function Tints({ onDone }: { readonly onDone: () => void }) {
  const say = useSay();
  return (
    <span className="tools">
      {[null, ...TINTS].map((tint) => (
        <button
          key={tint ?? "none"}
          type="button"
          className="tint"
          style={{ "--tint": tint === null ? "transparent" : `var(--tint-${tint})` }}
          aria-label={say(`tint.${tint ?? "none"}`)}
          title={say(`tint.${tint ?? "none"}`)}
          onClick={() => {
            tintSelection(tint);
            onDone();
          }}
        />
      ))}
    </span>
  );
}
