/** Says that what is on the canvas is a run as it was, and what can be done from here. */

import { GitCompareArrows, GitFork, History, X } from "lucide-react";

import { compareWithLatest, forkPast } from "../../state/past.ts";
import { usePreferences, useSay } from "../../state/preferences.ts";
import { closeTab } from "../../state/switching.ts";
import { rootIn, useTabs } from "../../state/tabs.ts";
import { momentText } from "../../words/when.ts";
import { RunMark } from "../RunMark.tsx";

export function PastBanner() {
  const say = useSay();
  const language = usePreferences((state) => state.language);
  const past = useTabs((state) => rootIn(state).past);
  const tab = useTabs((state) => state.root);
  if (past === null) return null;
  return (
    <aside className="past" aria-label={say("past.label")} data-testid="past">
      <History size={16} aria-hidden="true" />
      <p>
        <strong>{say("past.of", { when: momentText(language, past.created) })}</strong> <span>{say("past.readOnly")}</span>
      </p>
      <RunMark state={past.state} />
      <span className="spring" />
      <button type="button" className="quiet" data-testid="past-compare" onClick={() => void compareWithLatest(past)}>
        <GitCompareArrows size={14} aria-hidden="true" />
        {say("past.compare")}
      </button>
      <button type="button" className="quiet" data-testid="past-fork" onClick={() => void forkPast()}>
        <GitFork size={14} aria-hidden="true" />
        {say("past.fork")}
      </button>
      <button type="button" className="tool" aria-label={say("past.close")} title={say("past.close")} onClick={() => void closeTab(tab)}>
        <X size={16} aria-hidden="true" />
      </button>
    </aside>
  );
}
