/** Opens the menu: by the right button, by the menu key, by a long touch. */

import { type RefObject, useEffect } from "react";

import { isTyping } from "../state/keys.ts";
import { stageNow } from "../state/stage.ts";
import type { Point } from "../core/view.ts";
import { select, views } from "../state/views.ts";
import { FRAME } from "./flow.ts";
import { nodeAt } from "./useOverviewPointer.ts";

/** Milliseconds that a finger rests, and pixels that it may stray meanwhile. */
const LONG = 500;
const STRAY = 10;

export function useMenu(host: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const onMenu = (event: MouseEvent) => {
      // A text box has a menu of the browser's, with its spelling and its clipboard.
      if (isTyping(event.target) && event.target === document.activeElement) return;
      event.preventDefault();
      openAt(event.target, { x: event.clientX, y: event.clientY });
    };
    const stop = listenToTouch(element);
    element.addEventListener("contextmenu", onMenu);
    return () => {
      element.removeEventListener("contextmenu", onMenu);
      stop();
    };
  }, [host]);
}

function listenToTouch(element: HTMLElement): () => void {
  let waiting: { readonly timer: ReturnType<typeof setTimeout>; readonly at: Point } | null = null;
  const leave = () => {
    if (waiting !== null) clearTimeout(waiting.timer);
    waiting = null;
  };
  const onDown = (event: PointerEvent) => {
    leave();
    if (event.pointerType !== "touch" || !event.isPrimary || isTyping(event.target)) return;
    const at = { x: event.clientX, y: event.clientY };
    const { target } = event;
    waiting = { at, timer: setTimeout(() => openAt(target, at), LONG) };
  };
  const onMove = (event: PointerEvent) => {
    if (waiting !== null && Math.hypot(event.clientX - waiting.at.x, event.clientY - waiting.at.y) > STRAY) leave();
  };
  element.addEventListener("pointerdown", onDown, true);
  element.addEventListener("pointermove", onMove, true);
  const ends = ["pointerup", "pointercancel"] as const;
  for (const end of ends) element.addEventListener(end, leave, true);
  return () => {
    leave();
    element.removeEventListener("pointerdown", onDown, true);
    element.removeEventListener("pointermove", onMove, true);
    for (const end of ends) element.removeEventListener(end, leave, true);
  };
}

/** Open the menu of what is at a place: it is selected, unless it is part of what is selected already. */
function openAt(target: EventTarget | null, screen: Point): void {
  if (!(target instanceof Element) || target.closest(".selection-bar, .corner, .popup") !== null) return;
  const canvas = stageNow()?.toCanvas(screen) ?? screen;
  const { nodes, frames, links, detail } = views.getState();
  const name = target.closest("[data-node]")?.getAttribute("data-node") ?? (detail === "overview" ? nodeAt(canvas) : null);
  const frame = target.closest(".react-flow__node-frame")?.getAttribute("data-id")?.slice(FRAME.length);
  const wire = target.closest(".react-flow__edge")?.getAttribute("data-id");
  if (name !== null) {
    if (!nodes.has(name)) select({ nodes: new Set([name]) });
    views.setState({ focused: name, menu: { kind: "node", screen, canvas } });
  } else if (frame !== undefined) {
    if (!frames.has(frame)) select({ frames: new Set([frame]) });
    views.setState({ menu: { kind: "node", screen, canvas } });
  } else if (wire != null) {
    if (!links.has(wire)) select({ links: new Set([wire]) });
    views.setState({ menu: { kind: "wire", screen, canvas } });
  } else {
    select({});
    views.setState({ menu: { kind: "canvas", screen, canvas } });
  }
}
