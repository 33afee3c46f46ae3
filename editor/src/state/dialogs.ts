/** The dialog that is open, if any: there is one at most. */

import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";

import type { Draft } from "../core/draft.ts";

/** What the server has where another saved meanwhile; null where the graph was deleted there. */
export interface Theirs {
  readonly version: number;
  readonly draft: Draft;
}

export type Dialog =
  | { readonly kind: "saveAs"; readonly tab: string }
  | { readonly kind: "conflict"; readonly tab: string; readonly theirs: Theirs | null }
  | { readonly kind: "open" }
  | { readonly kind: "unsaved"; readonly targets: readonly string[] }
  | { readonly kind: "key" };

export interface Dialogs {
  readonly dialog: Dialog | null;
}

export const dialogs = createStore<Dialogs>(() => ({ dialog: null }));

export function useDialogs<T>(select: (state: Dialogs) => T): T {
  return useStore(dialogs, select);
}

export function showDialog(dialog: Dialog): void {
  dialogs.setState({ dialog });
}

export function closeDialog(): void {
  dialogs.setState({ dialog: null });
}
