/** The scene that is shown is the room that its sounds are in: they go with their figures, and are heard from where it is looked at. */

import { useCallback } from "react";

import { sceneClock } from "./clockStore.ts";
import { useMoment } from "./playback.ts";
import { setSpace } from "./sounds.ts";
import type { Shown } from "./useView.ts";

export function useSpace(shown: Shown | null): void {
  const place = useCallback(() => {
    if (shown !== null && sceneClock.isGoing) setSpace(shown.view.ear(), shown.staged.content.figures());
  }, [shown]);
  useMoment(sceneClock, place);
}
