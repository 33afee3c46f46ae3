/** Offers the canvas to those who are not on it: commands, panels, tests. */

import { useReactFlow, useStoreApi, type Viewport } from "@xyflow/react";
import { type RefObject, useEffect } from "react";
import { flushSync } from "react-dom";

import { type Rect, rectOf } from "../core/geometry.ts";
import { draftNow, typeOfNow } from "../state/documents.ts";
import { setStage } from "../state/stage.ts";
import { detailAt, views } from "../state/views.ts";

const MARGIN = 48;
const SMALLEST = 0.05;
/** Below this zoom a node is not read where it is, and is shown at the other. */
const NEAR = 0.55;
const READABLE = 0.8;

export function useStage(host: RefObject<HTMLElement | null>): void {
  const flow = useReactFlow();
  const store = useStoreApi();
  useEffect(() => {
    const place = (x: number, y: number, zoom: number) => {
      const { detail } = views.getState();
      const next = detailAt(zoom, detail, draftNow().graph.nodes.size);
      // Nodes go before all of them would come into view: a thousand would be made, and let go at once.
      if (next === "overview" && next !== detail) flushSync(() => views.setState({ detail: next, zoom }));
      void flow.setViewport({ x, y, zoom });
      views.setState({ zoom, detail: next });
    };
    const size = () => {
      const { width, height } = store.getState();
      return { width, height };
    };
    const center = () => {
      const { width, height } = size();
      const box = host.current?.getBoundingClientRect();
      return flow.screenToFlowPosition({ x: (box?.x ?? 0) + width / 2, y: (box?.y ?? 0) + height / 2 });
    };
    setStage({
      toCanvas: (screen) => flow.screenToFlowPosition(screen),
      toScreen: (point) => flow.flowToScreenPosition(point),
      center,
      show: (rect, most = 1) => {
        const { width, height } = size();
        const zoom = Math.max(SMALLEST, Math.min(most, (width - 2 * MARGIN) / rect.width, (height - 2 * MARGIN) / rect.height));
        place(width / 2 - (rect.x + rect.width / 2) * zoom, height / 2 - (rect.y + rect.height / 2) * zoom, zoom);
      },
      look: () => flow.getViewport(),
      lookAt: ({ x, y, zoom }) => place(x, y, zoom),
      zoomBy: (factor) => void flow.zoomTo(flow.getZoom() * factor),
      zoomTo: (zoom) => void flow.zoomTo(zoom),
      focusNode: (name, way = "least") => {
        const draft = draftNow();
        if (!draft.graph.nodes.has(name)) return;
        views.setState({ focused: name, entered: null });
        // What is selected opens a panel beside the canvas, and a node is an element only once it has been drawn.
        requestAnimationFrame(() => {
          const room = { width: host.current?.clientWidth ?? 0, height: host.current?.clientHeight ?? 0 };
          if (way !== "still") bringIntoView(rectOf(draft, typeOfNow, name), flow.getViewport(), room, place, way === "middle");
          requestAnimationFrame(() => {
            const now = views.getState();
            // Who was quicker has gone on by now, or into the node.
            if (now.focused === name && now.entered === null) elementOf(host.current, name)?.focus({ preventScroll: true });
          });
        });
      },
      focus: () => {
        const { focused } = views.getState();
        const target = focused === null ? null : elementOf(host.current, focused);
        (target ?? host.current?.querySelector<HTMLElement>(".react-flow__pane") ?? host.current)?.focus({ preventScroll: true });
      },
    });
    return () => setStage(null);
  }, [flow, store, host]);
}

/** Move the canvas as little as shows all of a node, or until it is in the middle; from afar, come near. */
function bringIntoView(
  rect: Rect,
  { x, y, zoom }: Viewport,
  { width, height }: { width: number; height: number },
  place: (x: number, y: number, zoom: number) => void,
  isCentered: boolean,
): void {
  if (zoom < NEAR || isCentered) {
    const near = zoom < NEAR ? READABLE : zoom;
    place(width / 2 - (rect.x + rect.width / 2) * near, height / 2 - (rect.y + rect.height / 2) * near, near);
    return;
  }
  const shifted = (at: number, start: number, length: number, room: number) => {
    const most = room - MARGIN - (start + length) * zoom;
    const least = MARGIN - start * zoom;
    return at > most ? Math.max(most, least) : Math.max(at, least);
  };
  const moved = [shifted(x, rect.x, rect.width, width), shifted(y, rect.y, rect.height, height)] as const;
  if (moved[0] !== x || moved[1] !== y) place(moved[0], moved[1], zoom);
}

export function elementOf(host: HTMLElement | null, name: string): HTMLElement | null {
  return host?.querySelector<HTMLElement>(`[data-node="${CSS.escape(name)}"]`) ?? null;
}
