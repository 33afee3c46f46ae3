/** Shortcuts, wherever the keyboard is. In a text box keys have their own meaning first. */

import { useEffect } from "react";

import { commandFor, isEnabled, runCommand } from "../state/commands.ts";
import { dialogs } from "../state/dialogs.ts";
import { isTyping, pressed } from "../state/keys.ts";
import { redoEdit, undoEdit } from "../state/documents.ts";
import { views } from "../state/views.ts";

/** Commands that mean the same in a text box. */
const EVERYWHERE = new Set(["palette", "find", "save", "saveAs", "open", "close", "reopen", "nextTab", "previousTab", "export", "run", "stop"]);
/** What the browser does by itself, through the events of the clipboard. */
const BY_EVENT = new Set(["copy", "cut", "paste", "pasteWired"]);

export function useKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const id = commandFor(pressed(event));
      if (id === undefined || BY_EVENT.has(id)) return;
      const { isPaletteOpen, search, menu } = views.getState();
      if (isPaletteOpen || search !== null || menu !== null || dialogs.getState().dialog !== null) return;
      if (isTyping(event.target) && !EVERYWHERE.has(id)) {
        if (id === "undo" || id === "redo") afterText(id);
        else if (id === "deselect" && event.target instanceof HTMLElement) event.target.blur();
        return;
      }
      event.preventDefault();
      if (isEnabled(id)) runCommand(id);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

/** In a text box its own undo comes first; where it has nothing to take back, the graph's is meant. */
function afterText(id: "undo" | "redo"): void {
  let isText = false;
  const onInput = (event: Event) => (isText ||= event instanceof InputEvent && event.inputType.startsWith("history"));
  document.addEventListener("input", onInput, true);
  setTimeout(() => {
    document.removeEventListener("input", onInput, true);
    if (isText) return;
    if (id === "undo") undoEdit();
    else redoEdit();
  }, 0);
}
