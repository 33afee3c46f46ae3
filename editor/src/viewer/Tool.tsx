/** A button above a view. */

import type { Box } from "lucide-react";
import { useCallback, useRef } from "react";

import { useSay } from "../state/preferences.ts";
import type { PlainKey } from "../words/say.ts";
import type { Stats } from "./engine/index.ts";

interface ToolProps {
  readonly icon: typeof Box;
  readonly words: PlainKey;
  readonly isPressed?: boolean;
  readonly onPress: () => void;
}

export function Tool({ icon: Icon, words, isPressed, onPress }: ToolProps) {
  const say = useSay();
  return (
    <button type="button" className="tool" aria-label={say(words)} title={say(words)} aria-pressed={isPressed} data-testid={words} onClick={onPress}>
      <Icon size={16} aria-hidden="true" />
    </button>
  );
}

/** Figures four times a second: more often nobody could read them. */
export function useStats(isCounting: boolean, set: (stats: Stats) => void): (stats: Stats) => void {
  const last = useRef(0);
  return useCallback(
    (stats: Stats) => {
      const now = performance.now();
      if (!isCounting || now - last.current < 250) return;
      last.current = now;
      set(stats);
    },
    [isCounting, set],
  );
}
