/** The state of a run: a sign and a word. */

import { Ban, CircleCheck, CirclePause, CircleX, Clock, LoaderCircle, Unplug } from "lucide-react";

import type { Run } from "../api/generated.ts";
import { useSay } from "../state/preferences.ts";

const SIGNS = { queued: Clock, running: LoaderCircle, paused: CirclePause, succeeded: CircleCheck, failed: CircleX, cancelled: Ban, interrupted: Unplug } as const;

export function RunMark({ state }: { readonly state: Run["state"] }) {
  const say = useSay();
  const Sign = SIGNS[state];
  return (
    <span className={`run-mark is-${state}`} title={say(`run.${state}`)}>
      <Sign size={14} aria-hidden="true" />
      <span className="unseen">{say(`run.${state}`)}</span>
    </span>
  );
}
