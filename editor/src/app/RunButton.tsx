/** Runs the graph, and says beforehand what that would do; while it runs, it stops it. */

import { Play, Square } from "lucide-react";

import { runCommand, shortcutOf } from "../state/commands.ts";
import { useDocuments } from "../state/documents.ts";
import { usePreferences, useSay } from "../state/preferences.ts";
import { useRunning } from "../state/running.ts";
import { rootIn, useTabs } from "../state/tabs.ts";
import { secondsText } from "../words/when.ts";

export function RunButton() {
  const say = useSay();
  const isGoing = useRunning((state) => state.isGoing);
  const line = useRunning((state) => state.line);
  const isInside = useTabs((state) => state.active !== state.root);
  const isPast = useTabs((state) => rootIn(state).past !== null);
  const isEmpty = useDocuments((state) => !isInside && state.history.now.graph.nodes.size === 0) || isPast;
  const words = usePlanWords();
  return (
    <span className="run">
      {line === "lost" ? (
        <span className="run-plan" role="status">
          {say("run.lost")}
        </span>
      ) : (
        <span className="run-plan" data-testid="plan">
          {isGoing ? say("state.running") : words}
        </span>
      )}
      {isGoing ? (
        <button type="button" className="primary stop" data-testid="stop" title={`${say("command.stop")} (${shortcutOf("stop")})`} onClick={() => runCommand("stop")}>
          <Square size={12} fill="currentColor" aria-hidden="true" />
          {say("command.stop")}
        </button>
      ) : (
        <button type="button" className="primary" data-testid="run" disabled={isEmpty} title={`${say("command.run")} (${shortcutOf("run")})`} onClick={() => runCommand("run")}>
          <Play size={12} fill="currentColor" aria-hidden="true" />
          {say("command.run")}
        </button>
      )}
    </span>
  );
}

/** What a run would do, in words; where that hangs on what comes out on the way, between what and what. */
function usePlanWords(): string {
  const say = useSay();
  const language = usePreferences((state) => state.language);
  const plan = useRunning((state) => state.plan);
  if (plan === null) return "";
  const { least, toRun, needed, seconds } = plan;
  if (toRun === 0) return say("run.cached");
  const words = { run: toRun, all: needed, seconds: secondsText(language, seconds) };
  return least === toRun ? say("run.plan", words) : say("run.between", { ...words, least });
}
