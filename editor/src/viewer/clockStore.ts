/** Clocks and the views that follow them; one is that of the editor's scene and timeline. */

import { useEffect } from "react";

import { SceneClock } from "./clock.ts";
import type { Shown } from "./useView.ts";

export const sceneClock = new SceneClock();

/** Let a view show the moment of a clock. */
export function useClockOn(shown: Shown | null, clock: SceneClock | undefined): void {
  useEffect(() => {
    if (shown === null || clock === undefined) return undefined;
    shown.view.follow(clock);
    return clock.subscribe(() => shown.view.ask());
  }, [shown, clock]);
}
