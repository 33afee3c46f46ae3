/** What is going on while a run goes, and what went wrong, in words. */

import { useSyncExternalStore } from "react";

import { draftNow } from "../state/documents.ts";
import { useSay } from "../state/preferences.ts";
import { useRunning } from "../state/running.ts";
import { statusBoard } from "../state/runs.ts";

/** One line for each: a text, so that it is the same as long as nothing changed. */
function running(): string {
  const lines: string[] = [];
  for (const name of draftNow().graph.nodes.keys()) {
    const { state, fraction } = statusBoard.get(name);
    if (state === "running") lines.push(`${name}\t${String(Math.round(fraction * 100))}`);
  }
  return lines.join("\n");
}

function failed(): string {
  const lines: string[] = [];
  for (const name of draftNow().graph.nodes.keys()) {
    const { state, error } = statusBoard.get(name);
    if (state === "error") lines.push(`${name}\t${error}`);
  }
  return lines.join("\n");
}

function listen(listener: () => void): () => void {
  return statusBoard.subscribeAll(listener);
}

export function FormProgress() {
  const say = useSay();
  const isGoing = useRunning((state) => state.isGoing);
  const now = useSyncExternalStore(listen, running);
  const wrong = useSyncExternalStore(listen, failed);
  const rows = (text: string) => text.split("\n").filter(Boolean).map((line) => line.split("\t"));
  return (
    <div className="form-progress" role="status">
      {isGoing &&
        rows(now).map(([name = "", percent = "0"]) => (
          <p key={name}>
            <span>{say("form.running", { name: name.replaceAll("_", " ") })}</span>
            <progress max={100} value={Number(percent)} aria-label={name} />
          </p>
        ))}
      {rows(wrong).map(([name = "", error = ""]) => (
        <p key={name} className="form-wrong">
          {say("form.failed", { name: name.replaceAll("_", " "), why: error })}
        </p>
      ))}
    </div>
  );
}
