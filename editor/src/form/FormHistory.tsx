/** The runs of this graph before, newest first: a strip of what they gave. */

import { FileOutput } from "lucide-react";
import { useEffect, useState } from "react";

import type { Run } from "../api/generated.ts";
import { fetchLatestRuns } from "../api/results.ts";
import { fetchResults, thumbnailOf } from "../api/runs.ts";
import { useDocuments } from "../state/documents.ts";
import { useSay } from "../state/preferences.ts";
import { useRunning } from "../state/running.ts";
import { dateText } from "./dates.ts";

const ASKED = 60;
const SHOWN = 16;

export function FormHistory({ past, onPast }: { readonly past: Run | null; readonly onPast: (run: Run | null) => void }) {
  const say = useSay();
  const title = useDocuments((state) => state.history.now.graph.title);
  const isGoing = useRunning((state) => state.isGoing);
  const [runs, setRuns] = useState<readonly Run[]>([]);
  useEffect(() => {
    if (isGoing) return;
    let isOver = false;
    void fetchLatestRuns(ASKED).then((reply) => {
      if (!isOver && reply.isOk) setRuns(reply.value.items);
    });
    return () => {
      isOver = true;
    };
  }, [isGoing]);
  const own = runs.filter((run) => run.title === title && run.ended !== null).slice(0, SHOWN);
  return (
    <section className="form-history" aria-label={say("form.history")} data-testid="history">
      {own.length === 0 && <p className="help">{say("form.noHistory")}</p>}
      <ul tabIndex={own.length === 0 ? undefined : 0} aria-label={say("form.history")}>
        {own.map((run) => (
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
