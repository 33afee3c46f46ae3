/** Offers the canvas to those who are not on it: commands, panels, tests. */

import { useReactFlow, useStoreApi } from "@xyflow/react";
import { type RefObject, useEffect } from "react";

import { overlap, rectOf } from "../core/geometry.ts";
import { draftNow, typeOfNow } from "../state/documents.ts";
import { setStage } from "../state/stage.ts";
import { detailAt, views } from "../state/views.ts";

const MARGIN = 48;
const SMALLEST = 0.05;

export function useStage(host: RefObject<HTMLElement | null>): void {
  const flow = useReactFlow();
  const store = useStoreApi();
  useEffect(() => {
    const place = (x: number, y: number, zoom: number) => {
      void flow.setViewport({ x, y, zoom });
      views.setState(({ detail }) => ({ zoom, detail: detailAt(zoom, detail) }));
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
      zoomBy: (factor) => void flow.zoomTo(flow.getZoom() * factor),
      zoomTo: (zoom) => void flow.zoomTo(zoom),
      focusNode: (name) => {
        const draft = draftNow();
        if (!draft.graph.nodes.has(name)) return;
        const rect = rectOf(draft, typeOfNow, name);
        const { width, height } = size();
        const { x, y, zoom } = flow.getViewport();
        const seen = { x: (8 - x) / zoom, y: (8 - y) / zoom, width: (width - 16) / zoom, height: (height - 16) / zoom };
        const isWhole = rect.x >= seen.x && rect.y >= seen.y && rect.x + rect.width <= seen.x + seen.width && rect.y + rect.height <= seen.y + seen.height;
        views.setState({ focused: name, entered: null });
        if (!isWhole || !overlap(rect, seen)) {
          const near = Math.max(zoom, 0.6);
          place(width / 2 - (rect.x + rect.width / 2) * near, height / 2 - (rect.y + rect.height / 2) * near, near);
        }
        // It is an element only once it has been drawn.
        requestAnimationFrame(() => requestAnimationFrame(() => elementOf(host.current, name)?.focus({ preventScroll: true })));
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

export function elementOf(host: HTMLElement | null, name: string): HTMLElement | null {
  return host?.querySelector<HTMLElement>(`[data-node="${CSS.escape(name)}"]`) ?? null;
}
