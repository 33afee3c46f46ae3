/** The keyboard on the canvas: from node to node, into a node's controls and out again; and the clipboard. */

import { type RefObject, useEffect } from "react";

import { placeOf } from "../core/draft.ts";
import { moveNodes } from "../core/edit/nodes.ts";
import { rectOf } from "../core/geometry.ts";
import { sortedNodes } from "../core/graph.ts";
import { copySelection, deleteSelection, pasteText, revealNode } from "../state/actions.ts";
import { pointerNow } from "../state/commands.ts";
import { draftNow, edit, typeOfNow } from "../state/documents.ts";
import { isTyping } from "../state/keys.ts";
import { stageNow } from "../state/stage.ts";
import { select, views } from "../state/views.ts";
import { pasteFiles } from "./pasteFiles.ts";
import { elementOf } from "./useStage.ts";

const ARROWS: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** Pixels that a node is moved by a key, and with Shift. */
const NUDGE = 4;
const NUDGE_FAR = 20;

export function useCanvasKeys(host: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const onKey = (event: KeyboardEvent) => onKeyDown(event, element);
    const onFocus = (event: FocusEvent) => {
      // Reached by Tab before any node was: the keyboard goes to the first.
      if (event.target === element && element.tabIndex === 0 && element.matches(":focus-visible")) go(sortedNodes(draftNow().graph)[0], false);
      const name = event.target instanceof HTMLElement ? event.target.dataset["node"] : undefined;
      if (name !== undefined && views.getState().focused !== name) views.setState({ focused: name, entered: null });
    };
    element.addEventListener("keydown", onKey);
    element.addEventListener("focusin", onFocus);
    return () => {
      element.removeEventListener("keydown", onKey);
      element.removeEventListener("focusin", onFocus);
    };
  }, [host]);
  useEffect(() => {
    let isShifted = false;
    const onKey = (event: KeyboardEvent) => (isShifted = event.shiftKey);
    const onCopy = (event: ClipboardEvent) => {
      if (isTyping(event.target) || hasTextSelected()) return;
      const text = copySelection();
      if (text === "") return;
      event.preventDefault();
      event.clipboardData?.setData("text/plain", text);
      if (event.type === "cut") deleteSelection();
    };
    const onPaste = (event: ClipboardEvent) => {
      if (isTyping(event.target)) return;
      const at = pointerNow();
      const canvas = at === null ? (stageNow()?.center() ?? null) : (stageNow()?.toCanvas(at) ?? null);
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) {
        event.preventDefault();
        void pasteFiles(files, canvas ?? { x: 0, y: 0 });
        return;
      }
      if (pasteText(event.clipboardData?.getData("text/plain") ?? "", canvas, isShifted)) event.preventDefault();
    };
    window.addEventListener("keydown", onKey, true);
    document.addEventListener("copy", onCopy);
    document.addEventListener("cut", onCopy);
    document.addEventListener("paste", onPaste);
    return () => {
      window.removeEventListener("keydown", onKey, true);
      document.removeEventListener("copy", onCopy);
      document.removeEventListener("cut", onCopy);
      document.removeEventListener("paste", onPaste);
    };
  }, []);
}

function hasTextSelected(): boolean {
  return (document.getSelection()?.toString() ?? "") !== "";
}

function onKeyDown(event: KeyboardEvent, host: HTMLElement): void {
  const { focused, entered } = views.getState();
  if (event.key === "Escape" && entered !== null) {
    event.preventDefault();
    event.stopPropagation();
    views.setState({ entered: null });
    elementOf(host, entered)?.focus({ preventScroll: true });
    return;
  }
  const isOnNode = event.target instanceof HTMLElement && event.target.dataset["node"] !== undefined;
  if (!isOnNode || focused === null || event.ctrlKey || event.metaKey) return;
  const arrow = ARROWS[event.key];
  if (arrow !== undefined) {
    event.preventDefault();
    if (event.altKey) nudge(arrow, event.shiftKey);
    else go(nearest(focused, arrow), event.shiftKey);
  } else if (event.key === "Tab") {
    const next = following(focused, event.shiftKey ? -1 : 1);
    if (next !== undefined) {
      event.preventDefault();
      go(next, false);
    }
  } else if (event.key === "Enter" && !event.altKey) {
    event.preventDefault();
    enter(focused, host);
  } else if (event.key === " ") {
    event.preventDefault();
    toggleSelected(focused);
  }
}

function go(name: string | undefined, isMore: boolean): void {
  if (name === undefined) return;
  if (!isMore) {
    revealNode(name);
    return;
  }
  views.setState(({ nodes }) => ({ nodes: new Set(nodes).add(name) }));
  stageNow()?.focusNode(name);
}

function nudge([x, y]: readonly [number, number], isFar: boolean): void {
  const by = isFar ? NUDGE_FAR : NUDGE;
  const { nodes, focused } = views.getState();
  const names = nodes.size > 0 ? [...nodes] : focused === null ? [] : [focused];
  const points = new Map(names.map((name) => [name, { x: placeOf(draftNow(), name).x + x * by, y: placeOf(draftNow(), name).y + y * by }]));
  edit("deed.move", (draft) => moveNodes(draft, points), { key: `nudge:${names.join()}` });
}

/** The node that lies nearest in a direction: across counts double, so that rows and columns are followed. */
function nearest(from: string, [x, y]: readonly [number, number]): string | undefined {
  const draft = draftNow();
  const middle = (name: string) => {
    const rect = rectOf(draft, typeOfNow, name);
    return { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 };
  };
  const start = middle(from);
  let best: { name: string; distance: number } | undefined;
  for (const name of draft.graph.nodes.keys()) {
    const point = middle(name);
    const along = (point.x - start.x) * x + (point.y - start.y) * y;
    const across = Math.abs((point.x - start.x) * y) + Math.abs((point.y - start.y) * x);
    if (name === from || along <= 0) continue;
    const distance = along + 2 * across;
    if (distance < (best?.distance ?? Infinity)) best = { name, distance };
  }
  return best?.name;
}

/** The next node along the wires, sources first; undefined at the ends, where Tab leaves the canvas. */
function following(from: string, way: 1 | -1): string | undefined {
  const names = sortedNodes(draftNow().graph);
  return names[names.indexOf(from) + way];
}

function enter(name: string, host: HTMLElement): void {
  select({ nodes: new Set([name]) });
  views.setState({ entered: name });
  requestAnimationFrame(() => {
    const card = elementOf(host, name);
    const first = card?.querySelector<HTMLElement>('[tabindex="0"]:not([data-node])');
    first?.focus({ preventScroll: true });
  });
}

function toggleSelected(name: string): void {
  views.setState(({ nodes }) => {
    const next = new Set(nodes);
    if (!next.delete(name)) next.add(name);
    return { nodes: next };
  });
}
