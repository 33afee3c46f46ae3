/** Two runs beside each other: what was changed, and what each gave. */

import { useEffect, useState } from "react";

import type { Given } from "../../api/calls.ts";
import type { Run } from "../../api/generated.ts";
import { fetchGiven } from "../../api/records.ts";
import { fetchRunGraph } from "../../api/runs.ts";
import { DialogBox } from "../../app/DialogBox.tsx";
import { compare } from "../../core/compare.ts";
import { type Draft, readDraft } from "../../core/draft.ts";
import { withValues } from "../../core/pastRun.ts";
import { closeComparison } from "../../state/history.ts";
import { usePreferences, useSay } from "../../state/preferences.ts";
import { momentText } from "../../words/when.ts";
import { Differences } from "../Differences.tsx";
import { titleOf } from "../queue/RunLine.tsx";
import { ComparedValue } from "./ComparedValue.tsx";

interface Side {
  readonly draft: Draft;
  readonly given: ReadonlyMap<string, readonly Given[]>;
}

async function sideOf(run: Run): Promise<Side | null> {
  const [text, given] = await Promise.all([fetchRunGraph(run.id), fetchGiven(run.id)]);
  const read = text.isOk ? readDraft(text.value) : undefined;
  if (read?.isOk !== true || !given.isOk) return null;
  return { draft: { ...read.value, graph: withValues(read.value.graph, run.parameters) }, given: given.value };
}

export function CompareRuns({ runs: [before, after] }: { readonly runs: readonly [Run, Run] }) {
  const say = useSay();
  const language = usePreferences((state) => state.language);
  const [sides, setSides] = useState<readonly [Side, Side] | "loading" | "failed">("loading");
  useEffect(() => {
    let isOver = false;
    void Promise.all([sideOf(before), sideOf(after)]).then(([one, other]) => {
      if (!isOver) setSides(one === null || other === null ? "failed" : [one, other]);
    });
    return () => {
      isOver = true;
    };
  }, [before, after]);
  const nameOf = (run: Run) => `${titleOf(run, say("graph.untitled"))}, ${momentText(language, run.created)}`;
  return (
    <DialogBox title={say("runs.comparison")} isWide testId="comparison" onClose={closeComparison}>
      <div className="comparison">
        {typeof sides === "string" ? (
          <p className="none">{say(sides === "loading" ? "loading" : "runs.compareFailed")}</p>
        ) : (
          <>
            <h3>{say("runs.changed")}</h3>
            <Differences comparison={compare(sides[0].draft, sides[1].draft)} before={nameOf(before)} after={nameOf(after)} />
            <h3>{say("runs.gave")}</h3>
            <Results before={sides[0].given} after={sides[1].given} names={[nameOf(before), nameOf(after)]} />
          </>
        )}
      </div>
    </DialogBox>
  );
}

interface ResultsProps {
  readonly before: ReadonlyMap<string, readonly Given[]>;
  readonly after: ReadonlyMap<string, readonly Given[]>;
  readonly names: readonly [string, string];
}

/** Items of one result that are compared. */
const MOST = 8;

function Results({ before, after, names }: ResultsProps) {
  const say = useSay();
  const all = [...new Set([...before.keys(), ...after.keys()])];
  if (all.length === 0) return <p className="none">{say("runs.gaveNothing")}</p>;
  return (
    <>
      {all.map((name) => {
        const [one, other] = [before.get(name) ?? [], after.get(name) ?? []];
        return Array.from({ length: Math.min(MOST, Math.max(one.length, other.length)) }, (_, place) => (
          <ComparedValue key={`${name} ${String(place)}`} name={place === 0 ? name : `${name} ${String(place + 1)}`} before={one[place]} after={other[place]} names={names} />
        ));
      })}
    </>
  );
}
