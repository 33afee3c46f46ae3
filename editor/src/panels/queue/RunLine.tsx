/** A run in a list: its state, its title, how far it is or how it ended, and what can be done to it. */

import type { ReactNode } from "react";

import type { Run } from "../../api/generated.ts";
import { usePreferences, useSay } from "../../state/preferences.ts";
import { momentText, secondsText } from "../../words/when.ts";
import { RunMark } from "../RunMark.tsx";

export function RunLine({ run, children }: { readonly run: Run; readonly children?: ReactNode }) {
  const say = useSay();
  const fault = run.faults[0]?.message;
  return (
    <div className="run-line" role="group" aria-label={say("queue.run", { title: titleOf(run, say("graph.untitled")), state: say(`run.${run.state}`) })} data-testid={`run-line:${run.id}`}>
      <RunMark state={run.state} />
      <span className="run-text">
        <span className="run-title">{titleOf(run, say("graph.untitled"))}</span>
        <RunDetail run={run} />
        {fault !== undefined && <span className="run-fault">{fault}</span>}
      </span>
      <span className="tools">{children}</span>
      {run.state === "running" && <Bar fraction={run.progress ?? 0} label={say("queue.progress")} />}
    </div>
  );
}

export function titleOf(run: Run, untitled: string): string {
  return run.title === "" ? untitled : run.title;
}

function RunDetail({ run }: { readonly run: Run }) {
  const say = useSay();
  const language = usePreferences((state) => state.language);
  const took = run.started === null || run.ended === null ? "" : secondsText(language, Math.max(0, run.ended - run.started));
  const parts = [
    run.state === "running" ? say("percent", { value: Math.round((run.progress ?? 0) * 100) }) : say(`run.${run.state}`),
    momentText(language, run.ended ?? run.started ?? run.created),
    took,
    run.attempt > 1 ? say("queue.attempt", { attempt: run.attempt }) : "",
  ];
  return <span className="run-detail">{parts.filter(Boolean).join(" · ")}</span>;
}

function Bar({ fraction, label }: { readonly fraction: number; readonly label: string }) {
  return (
    <span className="run-bar" role="progressbar" aria-label={label} aria-valuenow={Math.round(fraction * 100)} aria-valuemin={0} aria-valuemax={100}>
      <i style={{ transform: `scaleX(${String(fraction)})` }} />
    </span>
  );
}
