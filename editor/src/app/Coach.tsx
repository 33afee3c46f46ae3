/** The marks of the introduction, each beside what it speaks of. */

import { useEffect, useState } from "react";

import { useSay } from "../state/preferences.ts";
import { leaveTour, MARKS, nextMark, useTour } from "../state/tour.ts";

const WIDTH = 280;
const GAP = 10;
/** What a mark stands beside: the first that is there. */
const PLACES = {
  prompt: ['[data-testid^="node:"] .file', '[data-testid^="node:"] textarea', '[data-testid^="node:"]'],
  run: ['[data-testid="run"]', '[data-testid="stop"]'],
  scene: ['[data-testid="dock:scene"]'],
} as const;

export function Coach() {
  const step = useTour((state) => state.step);
  const proposed = useTour((state) => state.proposed);
  if (proposed !== null) return <Proposal />;
  const mark = step === null ? undefined : MARKS[step];
  return mark === undefined || step === null ? null : <Mark key={mark} mark={mark} step={step} />;
}

function Mark({ mark, step }: { readonly mark: (typeof MARKS)[number]; readonly step: number }) {
  const say = useSay();
  const at = useAnchor(PLACES[mark]);
  if (at === null) return null;
  return (
    <aside className="coach" style={at} role="dialog" aria-label={say("coach")} data-testid={`coach:${mark}`}>
      <p>{say(`coach.${mark}`)}</p>
      <div className="coach-foot">
        <span>{say("coach.of", { step: step + 1 })}</span>
        <button type="button" className="link" data-testid="coach-skip" onClick={leaveTour}>
          {say("coach.skip")}
        </button>
        <button type="button" className="primary" data-testid="coach-next" onClick={nextMark}>
          {say(step === MARKS.length - 1 ? "coach.done" : "coach.next")}
        </button>
      </div>
    </aside>
  );
}

/** What to try once there is a result, with the numbers of a plan for just that. */
function Proposal() {
  const say = useSay();
  const proposed = useTour((state) => state.proposed);
  const at = useAnchor(PLACES.run);
  if (proposed === null || at === null) return null;
  const what = proposed.what === "" ? say("coach.thePrompt") : proposed.what;
  return (
    <aside className="coach" style={at} role="status" data-testid="coach:try">
      <p>{say(proposed.run < proposed.all ? "coach.try" : "coach.tryAll", { what, run: proposed.run, all: proposed.all })}</p>
      <div className="coach-foot">
        <button type="button" className="primary" data-testid="coach-done" onClick={leaveTour}>
          {say("coach.done")}
        </button>
      </div>
    </aside>
  );
}

/** Where a mark stands: below what it speaks of, or above where that is low on the page. Followed while the canvas moves. */
function useAnchor(places: readonly string[]): { readonly left: number; readonly top?: number; readonly bottom?: number } | null {
  const [at, setAt] = useState<{ readonly left: number; readonly top?: number; readonly bottom?: number } | null>(null);
  useEffect(() => {
    let frame = 0;
    let last = "";
    const follow = () => {
      const target = places.map((place) => document.querySelector(place)).find((found) => found !== null);
      const box = target?.getBoundingClientRect();
      const key = box === undefined ? "" : `${String(Math.round(box.x))} ${String(Math.round(box.y))} ${String(Math.round(box.width))}`;
      if (key !== last) {
        last = key;
        setAt(box === undefined ? null : placed(box));
      }
      frame = requestAnimationFrame(follow);
    };
    frame = requestAnimationFrame(follow);
    return () => cancelAnimationFrame(frame);
  }, [places]);
  return at;
}

function placed(box: DOMRect): { readonly left: number; readonly top?: number; readonly bottom?: number } {
  const left = Math.max(GAP, Math.min(box.x + box.width / 2 - WIDTH / 2, window.innerWidth - WIDTH - GAP));
  if (box.bottom > window.innerHeight * 0.7) return { left, bottom: window.innerHeight - box.y + GAP };
  return { left, top: box.bottom + GAP };
}
