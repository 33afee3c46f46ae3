/** What a node gave, large, in the inspector; of several values one after the other. */

import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";

import type { NodeType } from "../core/catalogue.ts";
import { useOutputs } from "../state/outputs.ts";
import { useSay } from "../state/preferences.ts";
import { Shown } from "./Shown.tsx";
import { shownAs } from "./shown.ts";

export function NodeShown({ name, type }: { readonly name: string; readonly type: NodeType }) {
  const say = useSay();
  const made = useOutputs(name).filter(({ given }) => shownAs(given) !== null);
  const port = type.outputs.find((output) => made.some((one) => one.port === output.name))?.name;
  const items = made.filter((one) => one.port === port);
  const [chosen, setChosen] = useState(0);
  const at = Math.min(chosen, items.length - 1);
  const one = items[at];
  if (one === undefined) return null;
  const digest = one.given.kind === "artefact" ? one.given.digest : "";
  return (
    <section aria-label={say("shown")} data-testid="shown">
      <div className={`shown is-${shownAs(one.given) ?? "text"}`}>
        <Shown key={digest} name={name} given={one.given} isSmall={false} />
      </div>
      {items.length > 1 && (
        <div className="shown-items">
          <button type="button" className="small" aria-label={say("shown.before")} title={say("shown.before")} disabled={at === 0} onClick={() => setChosen(at - 1)}>
            <ChevronLeft size={14} aria-hidden="true" />
          </button>
          <span>{say("shown.item", { number: at + 1, all: items.length })}</span>
          <button type="button" className="small" aria-label={say("shown.after")} title={say("shown.after")} disabled={at === items.length - 1} onClick={() => setChosen(at + 1)}>
            <ChevronRight size={14} aria-hidden="true" />
          </button>
        </div>
      )}
    </section>
  );
}
