/** Runs that wait, in their order: dragged by the mouse, or moved by the arrow keys at their handle. */

import { GripVertical, X } from "lucide-react";
import { type DragEvent, type KeyboardEvent, useRef, useState } from "react";

import { useSay } from "../../state/preferences.ts";
import { moveWaiting, steer, useQueue } from "../../state/queue.ts";
import { RunLine, titleOf } from "./RunLine.tsx";
import { Tool } from "./Tool.tsx";

/** Where the run that is dragged would go: before the run at a place. */
interface Drag {
  readonly from: number;
  readonly gap: number;
}

export function WaitingRuns() {
  const say = useSay();
  const waiting = useQueue((state) => state.waiting);
  const [drag, setDrag] = useState<Drag | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const onKeyDown = (event: KeyboardEvent, place: number) => {
    const to = { ArrowUp: place - 1, ArrowDown: place + 1, Home: 0, End: waiting.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const id = waiting[place]?.id ?? "";
    void moveWaiting(place, to);
    // The handle moves with its run, and the keyboard with the handle.
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-grip="${CSS.escape(id)}"]`)?.focus());
  };
  const onDragOver = (event: DragEvent<HTMLLIElement>, place: number) => {
    if (drag === null) return;
    event.preventDefault();
    const { top, height } = event.currentTarget.getBoundingClientRect();
    const gap = event.clientY < top + height / 2 ? place : place + 1;
    if (gap !== drag.gap) setDrag({ ...drag, gap });
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    if (drag !== null) void moveWaiting(drag.from, drag.gap > drag.from ? drag.gap - 1 : drag.gap);
    setDrag(null);
  };
  if (waiting.length === 0) return <p className="none">{say("queue.none.waiting")}</p>;
  return (
    <ul ref={list} className="run-list" aria-label={say("queue.waiting")}>
      {waiting.map((run, place) => (
        <li
          key={run.id}
          className={drag?.gap === place ? "is-before" : drag?.gap === place + 1 && place === waiting.length - 1 ? "is-after" : undefined}
          draggable
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = "move";
            event.dataTransfer.setData("text/plain", run.id);
            setDrag({ from: place, gap: place });
          }}
          onDragOver={(event) => onDragOver(event, place)}
          onDrop={onDrop}
          onDragEnd={() => setDrag(null)}
        >
          <button
            type="button"
            className="grip"
            data-grip={run.id}
            aria-label={say("queue.move", { title: titleOf(run, say("graph.untitled")), place: place + 1, all: waiting.length })}
            title={say("queue.moveHelp")}
            onKeyDown={(event) => onKeyDown(event, place)}
          >
            <GripVertical size={14} aria-hidden="true" />
          </button>
          <RunLine run={run}>
            <Tool icon={X} label={say("queue.cancel")} run={() => void steer(run.id, "cancel")} />
          </RunLine>
        </li>
      ))}
    </ul>
  );
}
