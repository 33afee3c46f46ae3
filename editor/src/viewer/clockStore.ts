/** The one clock of the editor's scene and timeline. */

import { useEffect } from "react";

import { SceneClock } from "./clock.ts";
import type { Shown } from "./useView.ts";

export const sceneClock = new SceneClock();

/** Let a view show the moment of the clock. */
export function useClockOn(shown: Shown | null): void {
  useEffect(() => {
    if (shown === null) return undefined;
    shown.view.follow(sceneClock);
    return sceneClock.subscribe(() => shown.view.ask());
  }, [shown]);
}
