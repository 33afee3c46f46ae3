/** Whether there is room for the canvas beside anything else. */

import { useSyncExternalStore } from "react";

import { usePreferences } from "./preferences.ts";

/** Below this width of the window, in pixels, the form is the only view. */
export const NARROW = 700;

const narrow = window.matchMedia(`(max-width: ${String(NARROW - 1)}px)`);

export function isNarrowNow(): boolean {
  return narrow.matches;
}

export function useIsNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      narrow.addEventListener("change", listener);
      return () => narrow.removeEventListener("change", listener);
    },
    () => narrow.matches,
  );
}

/** Whether the graph is shown as a form: chosen, or for want of room. */
export function useIsForm(): boolean {
  const isNarrow = useIsNarrow();
  return usePreferences((state) => state.isForm) || isNarrow;
}
