/** Selecting and dragging nodes on the drawn overview, where they are no elements of their own. */

import { type RefObject, useEffect } from "react";

import { contains, rectOf } from "../core/geometry.ts";
import { moveNodes } from "../core/edit/nodes.ts";
import { placeOf } from "../core/draft.ts";
import type { Point } from "../core/view.ts";
import { draftNow, edit, typeOfNow } from "../state/documents.ts";
import { stageNow } from "../state/stage.ts";
import { select, views } from "../state/views.ts";

export function nodeAt(point: Point): string | null {
  const names = [...draftNow().graph.nodes.keys()].reverse();
  return names.find((name) => contains(rectOf(draftNow(), typeOfNow, name), point)) ?? null;
}

let gesture = 0;

export function useOverviewPointer(element: RefObject<HTMLElement | null>, isOn: boolean): void {
  useEffect(() => {
    const host = element.current;
    if (!isOn || host === null) return;
    const onDown = (event: PointerEvent) => {
      const stage = stageNow();
      if (event.button !== 0 || stage === null || !(event.target instanceof Element) || event.target.closest(".react-flow__pane") === null) return;
      const start = stage.toCanvas({ x: event.clientX, y: event.clientY });
      const name = nodeAt(start);
      if (name === null) return;
      event.stopPropagation();
      event.preventDefault();
      choose(name, event.shiftKey || event.ctrlKey || event.metaKey);
      drag(event, host, start);
    };
    host.addEventListener("pointerdown", onDown, true);
    // React Flow listens to the mouse as well: what was taken here is not to pan.
    const onMouse = (event: MouseEvent) => {
      const stage = stageNow();
      if (event.button === 0 && stage !== null && event.target instanceof Element && event.target.closest(".react-flow__pane") !== null && nodeAt(stage.toCanvas({ x: event.clientX, y: event.clientY })) !== null) event.stopPropagation();
    };
    host.addEventListener("mousedown", onMouse, true);
    host.addEventListener("click", onMouse, true);
    return () => {
      host.removeEventListener("pointerdown", onDown, true);
      host.removeEventListener("mousedown", onMouse, true);
      host.removeEventListener("click", onMouse, true);
    };
  }, [element, isOn]);
}

function choose(name: string, isMore: boolean): void {
  const { nodes } = views.getState();
  if (isMore) {
    const next = new Set(nodes);
    if (!next.delete(name)) next.add(name);
    select({ nodes: next });
  } else if (!nodes.has(name)) select({ nodes: new Set([name]) });
  views.setState({ focused: name });
}

function drag(down: PointerEvent, host: HTMLElement, start: Point): void {
  const stage = stageNow();
  const before = new Map([...views.getState().nodes].map((name) => [name, placeOf(draftNow(), name)]));
  gesture += 1;
  const key = `overview:${String(gesture)}`;
  host.setPointerCapture(down.pointerId);
  const onMove = (event: PointerEvent) => {
    if (stage === null) return;
    const now = stage.toCanvas({ x: event.clientX, y: event.clientY });
    const points = new Map([...before].map(([name, place]) => [name, { x: Math.round(place.x + now.x - start.x), y: Math.round(place.y + now.y - start.y) }]));
    if (Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) > 3) edit("deed.move", (draft) => moveNodes(draft, points), { key, pause: Infinity });
  };
  const onUp = () => {
    host.removeEventListener("pointermove", onMove);
    host.removeEventListener("pointerup", onUp);
    host.removeEventListener("pointercancel", onUp);
  };
  host.addEventListener("pointermove", onMove);
  host.addEventListener("pointerup", onUp);
  host.addEventListener("pointercancel", onUp);
}
