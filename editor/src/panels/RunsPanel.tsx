/** Runs that were: filtered, opened as they were, chosen two at a time to be compared. */

import { GitCompareArrows } from "lucide-react";
import { useEffect } from "react";

import type { Run } from "../api/generated.ts";
import { useDocuments } from "../state/documents.ts";
import { compareChosen, filterRuns, listMore, listRuns, STATES, toggleChosen, usePastRuns } from "../state/history.ts";
import { hearLive } from "../state/live.ts";
import { openPast } from "../state/past.ts";
import { useSay } from "../state/preferences.ts";
import { useRunning } from "../state/running.ts";
import { PagedList } from "./PagedList.tsx";
import { RunLine, titleOf } from "./queue/RunLine.tsx";

export function RunsPanel() {
  const say = useSay();
  const runs = usePastRuns((state) => state.runs);
  const said = usePastRuns((state) => state.said);
  const isKnown = usePastRuns((state) => state.isKnown);
  const next = usePastRuns((state) => state.next);
  useEffect(() => {
    void listRuns();
    // A run that begins or ends stands in the list at once; the pages before are kept apart from those after.
    return hearLive("queue", (event) => ("run" in event ? void listRuns() : undefined), () => void listRuns());
  }, []);
  return (
    <div className="scroll runs" data-testid="runs">
      <Filters />
      <PagedList said={said} isKnown={isKnown} isEmpty={runs.length === 0} none="runs.none" more={next === null ? null : () => void listMore()}>
        <ul className="run-list" aria-label={say("panel.runs")}>
          {runs.map((run) => (
            <PastRun key={run.id} run={run} />
          ))}
        </ul>
      </PagedList>
    </div>
  );
}

function Filters() {
  const say = useSay();
  const state = usePastRuns((past) => past.state);
  const title = usePastRuns((past) => past.title);
  const chosen = usePastRuns((past) => past.chosen.length);
  const open = useDocuments((documents) => documents.history.now.graph.title);
  return (
    <div className="runs-bar">
      <select className="box" aria-label={say("runs.state")} value={state ?? ""} onChange={(event) => filterRuns({ state: STATES.find((one) => one === event.target.value) ?? null })}>
        <option value="">{say("runs.anyState")}</option>
        {STATES.map((one) => (
          <option key={one} value={one}>
            {say(`run.${one}`)}
          </option>
        ))}
      </select>
      <select className="box" aria-label={say("runs.graph")} value={title === null ? "all" : "this"} onChange={(event) => filterRuns({ title: event.target.value === "all" ? null : open })}>
        <option value="all">{say("runs.allGraphs")}</option>
        {(open !== "" || title !== null) && <option value="this">{title ?? open}</option>}
      </select>
      <button type="button" className="quiet" disabled={chosen !== 2} title={say("runs.compareHelp")} data-testid="runs-compare" onClick={compareChosen}>
        <GitCompareArrows size={14} aria-hidden="true" />
        {say("runs.compare")}
      </button>
      {chosen === 1 && <p className="help">{say("runs.oneMore")}</p>}
    </div>
  );
}

function PastRun({ run }: { readonly run: Run }) {
  const say = useSay();
  const isChosen = usePastRuns((state) => state.chosen.includes(run.id));
  const isShown = useRunning((state) => state.run?.id === run.id);
  const title = titleOf(run, say("graph.untitled"));
  return (
    <li className={isShown ? "is-shown" : undefined}>
      <input type="checkbox" className="choose" aria-label={say("runs.choose", { title })} checked={isChosen} onChange={() => toggleChosen(run.id)} />
      <RunLine run={run}>
        <button type="button" className="link" aria-label={say("runs.openThis", { title })} data-testid={`open-run:${run.id}`} onClick={() => void openPast(run.id)}>
          {say("runs.open")}
        </button>
      </RunLine>
    </li>
  );
}
