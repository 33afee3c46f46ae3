/** The runs of this graph before, newest first: a strip of what they gave. */

import { FileOutput } from "lucide-react";
import { useEffect, useState } from "react";

import type { Run } from "../api/generated.ts";
import { fetchRuns } from "../api/queue.ts";
import { fetchResults, fetchRun, thumbnailOf } from "../api/runs.ts";
import { useSay } from "../state/preferences.ts";
import { useRunning } from "../state/running.ts";
import { rootIn, useTabs } from "../state/tabs.ts";
import { dateText } from "./dates.ts";

const SHOWN = 16;

/** The runs of a graph that have ended, the latest first: those made of it under its name on the server, and those that this browser began. */
async function runsOf(saved: string | null, begun: readonly string[]): Promise<readonly Run[]> {
  const [named, mine] = await Promise.all([saved === null ? null : fetchRuns({ saved, limit: SHOWN }), Promise.all(begun.map((id) => fetchRun(id)))]);
  const found = [...(named?.isOk === true ? named.value.items : []), ...mine.flatMap((reply) => (reply.isOk ? [reply.value] : []))];
  const once = new Map(found.map((run) => [run.id, run]));
  return [...once.values()].filter((run) => run.ended !== null).sort((a, b) => b.created - a.created).slice(0, SHOWN);
}

export function FormHistory({ past, onPast }: { readonly past: Run | null; readonly onPast: (run: Run | null) => void }) {
  const say = useSay();
  const saved = useTabs((state) => rootIn(state).saved?.name ?? null);
  const begun = useTabs((state) => rootIn(state).runs);
  const isGoing = useRunning((state) => state.isGoing);
  const [runs, setRuns] = useState<readonly Run[]>([]);
  useEffect(() => {
    if (isGoing) return;
    let isOver = false;
    void runsOf(saved, begun).then((found) => {
      if (!isOver) setRuns(found);
    });
    return () => {
      isOver = true;
    };
  }, [isGoing, saved, begun]);
  return (
    <section className="form-history" aria-label={say("form.history")} data-testid="history">
      {runs.length === 0 && <p className="help">{say("form.noHistory")}</p>}
      <ul tabIndex={runs.length === 0 ? undefined : 0} aria-label={say("form.history")}>
        {runs.map((run) => (
          <li key={run.id}>
            <PastRun run={run} isChosen={run.id === past?.id} onChoose={() => onPast(run.id === past?.id ? null : run)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function PastRun({ run, isChosen, onChoose }: { readonly run: Run; readonly isChosen: boolean; readonly onChoose: () => void }) {
  const say = useSay();
  const [picture, setPicture] = useState<string | null>(null);
  const isPictured = run.results.length > 0;
  useEffect(() => {
    if (!isPictured) return;
    let isOver = false;
    void fetchResults(run.id).then((reply) => {
      const [digest] = reply.isOk ? reply.value.values() : [];
      if (!isOver && digest !== undefined) setPicture(thumbnailOf(digest));
    });
    return () => {
      isOver = true;
    };
  }, [run.id, isPictured]);
  return (
    <button type="button" className="form-run-card" aria-pressed={isChosen} data-testid={`past:${run.id}`} onClick={onChoose}>
      {picture === null ? <span className="form-run-blank"><FileOutput size={18} strokeWidth={1.25} aria-hidden="true" /></span> : <img src={picture} alt="" loading="lazy" onError={() => setPicture(null)} />}
      <span>{dateText(run.created)}</span>
      <span className={`form-run-state is-${run.state}`}>{say(`runState.${run.state}`)}</span>
    </button>
  );
}
