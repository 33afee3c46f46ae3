/** Why a node ran, or which run made what it gave; before a run, what the plan says of it. A cause is a press away. */

import type { Change, Hindsight } from "../api/generated.ts";
import { revealNode } from "../state/actions.ts";
import { staleIn, useDocuments } from "../state/documents.ts";
import { usePreferences, useSay } from "../state/preferences.ts";
import { useRecord } from "../state/record.ts";
import { useStatus } from "../state/runs.ts";
import { reasonIn } from "../words/reasons.ts";
import { secondsText } from "../words/when.ts";

export function Why({ name, planned }: { readonly name: string; readonly planned: string }) {
  const say = useSay();
  const found = useRecord((state) => state.reasons.get(name));
  const { state } = useStatus(name);
  const isStale = useDocuments((documents) => staleIn(documents).has(name));
  const isTold = found !== undefined && (state === "done" || state === "cached") && !isStale;
  return (
    <>
      {isTold && (found.ran ? <Ran found={found} name={name} /> : <Cached found={found} />)}
      {!isTold && planned !== "" && (
        <p className="why" data-testid="why">
          <span>{say("why.plan")}</span> {reasonIn(say, planned)}
        </p>
      )}
    </>
  );
}

function Ran({ found, name }: { readonly found: Hindsight; readonly name: string }) {
  const say = useSay();
  return (
    <div className="why" data-testid="why">
      <span>{say("why.ran")}</span>{" "}
      {found.changes.length === 0 ? (
        reasonIn(say, found.reason)
      ) : (
        <ul className="why-parts">
          {found.changes.map((change) => (
            <li key={change.port}>
              <Cause change={change} name={name} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What changed leads to the node that it came from, else to the input that it stands in. */
function Cause({ change, name }: { readonly change: Change; readonly name: string }) {
  const say = useSay();
  const text = reasonIn(say, change.text);
  const source = useDocuments((state) => state.history.now.graph.nodes.has(change.step));
  if (source) {
    return (
      <button type="button" className="link" title={say("why.jump", { step: change.step })} onClick={() => revealNode(change.step)}>
        {text} ← {change.step}
      </button>
    );
  }
  if (change.port === "") return <>{text}</>;
  return (
    <button type="button" className="link" title={say("why.jump", { step: `${name}.${change.port}` })} onClick={() => goToField(change.port)}>
      {text}
    </button>
  );
}

function goToField(port: string): void {
  const field = document.querySelector(`.inspector [data-port="${CSS.escape(port)}"]`);
  const group = field?.closest("details");
  if (group != null) group.open = true;
  field?.scrollIntoView({ block: "nearest" });
  field?.querySelector<HTMLElement>("input, textarea, select, .link")?.focus();
}

function Cached({ found }: { readonly found: Hindsight }) {
  const say = useSay();
  const language = usePreferences((state) => state.language);
  return (
    <p className="why" data-testid="why">
      <span>{say("why.cached")}</span> {say("why.madeBy", { run: found.made_by, seconds: secondsText(language, found.seconds) })}
    </p>
  );
}
