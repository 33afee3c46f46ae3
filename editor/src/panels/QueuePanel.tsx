/** The queue: runs to be decided on, under way, that wait, and that ended last. */

import { CirclePlay, Pause, Play, RotateCcw, X } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";

import type { Run } from "../api/generated.ts";
import { useSay, useSayThat } from "../state/preferences.ts";
import { cancelAll, discard, runAgain, setPaused, steer, useQueue, watchRuns } from "../state/queue.ts";
import { RunLine } from "./queue/RunLine.tsx";
import { Tool } from "./queue/Tool.tsx";
import { WaitingRuns } from "./queue/WaitingRuns.tsx";

export function QueuePanel() {
  const say = useSay();
  const sayThat = useSayThat();
  const said = useQueue((state) => state.said);
  const isKnown = useQueue((state) => state.isKnown);
  const waiting = useQueue((state) => state.waiting.length);
  useEffect(() => watchRuns(), []);
  return (
    <div className="scroll queue" data-testid="queue">
      <QueueBar />
      {said !== null && (
        <p className="none is-error" role="alert">
          {sayThat(said)}
        </p>
      )}
      {!isKnown && said === null && <p className="none">{say("loading")}</p>}
      {isKnown && (
        <>
          <Interrupted />
          <Active />
          <Part title={say("queue.waiting")} count={waiting}>
            <WaitingRuns />
          </Part>
          <Ended />
        </>
      )}
    </div>
  );
}

/** What is done to all of it. Cancelling all asks once more. */
function QueueBar() {
  const say = useSay();
  const isPaused = useQueue((state) => state.queue?.paused === true);
  const count = useQueue((state) => state.active.length + state.waiting.length);
  const [isAsked, setAsked] = useState(false);
  return (
    <div className="queue-bar">
      <button type="button" className="quiet" aria-pressed={isPaused} data-testid="queue-pause" onClick={() => void setPaused(!isPaused)}>
        {isPaused ? <Play size={14} aria-hidden="true" /> : <Pause size={14} aria-hidden="true" />}
        {say(isPaused ? "queue.resumeAll" : "queue.pauseAll")}
      </button>
      {isAsked && count > 0 ? (
        <span className="tools" role="group" aria-label={say("queue.sure", { count })}>
          <button
            type="button"
            className="quiet is-error"
            autoFocus
            data-testid="queue-cancel-sure"
            onClick={() => {
              setAsked(false);
              void cancelAll();
            }}
          >
            {say("queue.sure", { count })}
          </button>
          <Tool icon={X} label={say("queue.keep")} run={() => setAsked(false)} />
        </span>
      ) : (
        <button type="button" className="quiet" disabled={count === 0} data-testid="queue-cancel-all" onClick={() => setAsked(true)}>
          {say("queue.cancelAll")}
        </button>
      )}
      {isPaused && <p className="help">{say("queue.isPaused")}</p>}
    </div>
  );
}

interface PartProps {
  readonly title: string;
  readonly count: number;
  readonly children: ReactNode;
}

function Part({ title, count, children }: PartProps) {
  return (
    <section className="queue-part">
      <h2>
        {title} <span className="count">{count}</span>
      </h2>
      {children}
    </section>
  );
}

function Interrupted() {
  const say = useSay();
  const runs = useQueue((state) => state.interrupted);
  if (runs.length === 0) return null;
  return (
    <Part title={say("queue.interrupted")} count={runs.length}>
      <p className="help">{say("queue.interruptedHelp")}</p>
      <ul className="run-list">
        {runs.map((run) => (
          <li key={run.id} className="is-asking">
            <RunLine run={run} />
            <span className="choices">
              <button type="button" className="quiet" onClick={() => void steer(run.id, "resume")}>
                {say("queue.resume")}
              </button>
              <button type="button" className="quiet" onClick={() => void discard(run.id)}>
                {say("queue.discard")}
              </button>
              <button type="button" className="quiet" onClick={() => void steer(run.id, "fail")}>
                {say("queue.fail")}
              </button>
            </span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Active() {
  const say = useSay();
  const runs = useQueue((state) => state.active);
  return (
    <Part title={say("queue.active")} count={runs.length}>
      {runs.length === 0 && <p className="none">{say("queue.none.active")}</p>}
      <ul className="run-list" aria-label={say("queue.active")}>
        {runs.map((run) => (
          <li key={run.id}>
            <RunLine run={run}>
              {run.state === "paused" ? (
                <Tool icon={Play} label={say("queue.resume")} run={() => void steer(run.id, "resume")} />
              ) : (
                <Tool icon={Pause} label={say("queue.pause")} run={() => void steer(run.id, "pause")} />
              )}
              <Tool icon={X} label={say("queue.cancel")} run={() => void steer(run.id, "cancel")} />
            </RunLine>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Ended() {
  const say = useSay();
  const runs = useQueue((state) => state.ended);
  return (
    <Part title={say("queue.ended")} count={runs.length}>
      {runs.length === 0 && <p className="none">{say("queue.none.ended")}</p>}
      <ul className="run-list" aria-label={say("queue.ended")}>
        {runs.map((run) => (
          <li key={run.id}>
            <RunLine run={run}>
              <Again run={run} />
            </RunLine>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Again({ run }: { readonly run: Run }) {
  const say = useSay();
  const isGood = run.state === "succeeded";
  return <Tool icon={isGood ? CirclePlay : RotateCcw} label={say(isGood ? "queue.again" : "queue.retry")} run={() => void runAgain(run)} />;
}
