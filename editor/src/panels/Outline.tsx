/** The graph as a tree: the twin of the canvas for keyboard and screen reader. Selecting here selects there. */

import { type KeyboardEvent, useEffect, useEffectEvent, useRef, useState } from "react";

import { sortedNodes } from "../core/graph.ts";
import { revealNode } from "../state/actions.ts";
import { typeIn, useDocuments } from "../state/documents.ts";
import { useSay } from "../state/preferences.ts";
import { select, useViews } from "../state/views.ts";
import { StateGlyph } from "../canvas/StateGlyph.tsx";
import { useNodeLook } from "../canvas/nodeLook.ts";
import { PortMark } from "../canvas/PortMark.tsx";
import { placeholder } from "../canvas/placeholder.ts";

/** Rows that are drawn at once around those in view: a tree of thousands scrolls by drawing few. */
const ROW = 28;
const EXTRA = 12;

interface Row {
  readonly name: string;
  /** Empty for the node itself. */
  readonly port: string;
  readonly side: "in" | "out";
}

export function Outline() {
  const say = useSay();
  const graph = useDocuments((state) => state.history.now.graph);
  const catalogue = useDocuments((state) => state.catalogue);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [current, setCurrent] = useState(0);
  const [top, setTop] = useState(0);
  const tree = useRef<HTMLDivElement>(null);
  const rows = sortedNodes(graph).flatMap((name): Row[] => {
    if (!opened.has(name)) return [{ name, port: "", side: "in" }];
    const type = catalogue.nodes.get(graph.nodes.get(name)?.type ?? "");
    const inputs = (type?.inputs ?? []).map((port): Row => ({ name, port: port.name, side: "in" }));
    const outputs = (type?.outputs ?? []).map((port): Row => ({ name, port: port.name, side: "out" }));
    return [{ name, port: "", side: "in" }, ...inputs, ...outputs];
  });
  const toggle = (name: string, isOpen: boolean) => {
    const next = new Set(opened);
    if (isOpen) next.add(name);
    else next.delete(name);
    setOpened(next);
  };
  const move = (to: number) => {
    const bounded = Math.max(0, Math.min(rows.length - 1, to));
    setCurrent(bounded);
    const box = tree.current;
    if (box !== null && (bounded * ROW < box.scrollTop || (bounded + 1) * ROW > box.scrollTop + box.clientHeight)) box.scrollTop = bounded * ROW - box.clientHeight / 2;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[current];
    if (row === undefined) return;
    const steps: Readonly<Record<string, () => void>> = {
      ArrowDown: () => move(current + 1),
      ArrowUp: () => move(current - 1),
      Home: () => move(0),
      End: () => move(rows.length - 1),
      ArrowRight: () => (row.port === "" && !opened.has(row.name) ? toggle(row.name, true) : move(current + 1)),
      ArrowLeft: () => (row.port === "" ? toggle(row.name, false) : move(rows.findIndex((one) => one.name === row.name))),
      Enter: () => revealNode(row.name),
      " ": () => select({ nodes: new Set([row.name]) }),
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    step();
  };
  useSelection((name) => {
    const at = rows.findIndex((row) => row.name === name);
    if (at >= 0 && rows[current]?.name !== name) move(at);
  });
  const first = Math.max(0, Math.floor(top / ROW) - EXTRA);
  const last = Math.min(rows.length, Math.ceil((top + window.innerHeight) / ROW) + EXTRA);
  return (
    <div ref={tree} className="scroll tree" role="tree" aria-label={say("outline")} tabIndex={0} aria-activedescendant={`row-${String(current)}`} data-testid="outline" onScroll={(event) => setTop(event.currentTarget.scrollTop)} onKeyDown={onKeyDown}>
      <div style={{ height: rows.length * ROW, position: "relative" }} role="none">
        {rows.slice(first, last).map((row, at) => (
          <OutlineRow key={`${row.name}.${row.side}.${row.port}`} row={row} place={placeIn(rows, first + at)} at={first + at} isCurrent={first + at === current} isOpen={opened.has(row.name)} onToggle={toggle} onCurrent={setCurrent} />
        ))}
      </div>
      {rows.length === 0 && <p className="none">{say("outline.empty")}</p>}
    </div>
  );
}

/** Hear of the one node that is selected, wherever that was done. */
function useSelection(onSelect: (name: string) => void): void {
  const selected = useViews((state) => (state.nodes.size === 1 ? [...state.nodes][0] : undefined));
  const hear = useEffectEvent(onSelect);
  useEffect(() => {
    if (selected !== undefined) hear(selected);
  }, [selected]);
}

/** The place of a row among those beside it, and how many these are: only some of them are drawn. */
function placeIn(rows: readonly Row[], at: number): readonly [number, number] {
  const row = rows[at];
  const beside = row?.port === "" ? rows.filter((one) => one.port === "") : rows.filter((one) => one.name === row?.name && one.port !== "");
  return [row === undefined ? 0 : beside.indexOf(row) + 1, beside.length];
}

interface RowProps {
  readonly row: Row;
  readonly place: readonly [number, number];
  readonly at: number;
  readonly isCurrent: boolean;
  readonly isOpen: boolean;
  readonly onToggle: (name: string, isOpen: boolean) => void;
  readonly onCurrent: (at: number) => void;
}

function OutlineRow({ row, place, at, isCurrent, isOpen, onToggle, onCurrent }: RowProps) {
  const isSelected = useViews((state) => state.nodes.has(row.name));
  const shared = {
    id: `row-${String(at)}`,
    role: "treeitem",
    style: { top: at * ROW, height: ROW },
    "aria-selected": isSelected,
    "aria-posinset": place[0],
    "aria-setsize": place[1],
  };
  const pick = () => {
    onCurrent(at);
    revealNode(row.name);
  };
  if (row.port !== "") {
    return (
      <div {...shared} aria-level={2} className={`tree-row tree-port${isCurrent ? " is-current" : ""}`} onClick={pick}>
        <PortRow row={row} />
      </div>
    );
  }
  return (
    <div {...shared} aria-level={1} aria-expanded={isOpen} className={`tree-row${isCurrent ? " is-current" : ""}`} onClick={pick}>
      <button type="button" className="fold" tabIndex={-1} aria-hidden="true" onClick={(event) => {
        event.stopPropagation();
        onToggle(row.name, !isOpen);
      }}>
        {isOpen ? "▾" : "▸"}
      </button>
      <NodeRow name={row.name} />
    </div>
  );
}

function NodeRow({ name }: { readonly name: string }) {
  const look = useNodeLook(name);
  const type = useDocuments((state) => typeIn(state, name));
  return (
    <>
      <span className="entry-title">{name}</span>
      <span className="entry-detail">{type.title}</span>
      <StateGlyph look={look} />
      {look.state === "idle" && <span className="unseen">{look.word}</span>}
    </>
  );
}

function PortRow({ row }: { readonly row: Row }) {
  const say = useSay();
  const type = useDocuments((state) => {
    const found = typeIn(state, row.name);
    return (row.side === "in" ? found.inputs : found.outputs).find((port) => port.name === row.port)?.type ?? "any";
  });
  const table = useDocuments((state) => state.catalogue.types);
  const from = useDocuments((state) => {
    const input = row.side === "in" ? state.history.now.graph.nodes.get(row.name)?.inputs.get(row.port) : undefined;
    return input?.kind === "wire" ? placeholder(input.wire) : input?.kind === "param" ? input.name : "";
  });
  return (
    <>
      <PortMark type={type} table={table} />
      <span className="entry-title">{say(row.side === "in" ? "port.in" : "port.out", { port: row.port })}</span>
      <span className="entry-detail">{from === "" ? type : `← ${from}`}</span>
    </>
  );
}
