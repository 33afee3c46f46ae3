/** A seed: fixed, drawn anew for each run, or counted up after each. */

import { Dices, ListPlus, Lock } from "lucide-react";

import { numberIn } from "../../core/json.ts";
import { RANDOM } from "../../core/values.ts";
import { setCounting } from "../../core/edit/seeds.ts";
import { edit, useDocuments } from "../../state/documents.ts";
import { useSay } from "../../state/preferences.ts";
import { NumberBox } from "./NumberBox.tsx";
import type { WidgetProps } from "./props.ts";

type Mode = "fixed" | "random" | "counted";
const MODES: readonly Mode[] = ["fixed", "random", "counted"];
const ICONS = { fixed: Lock, random: Dices, counted: ListPlus } as const;

export function SeedBox(props: WidgetProps) {
  const say = useSay();
  const isCounted = useDocuments((state) => state.history.now.view.counting.includes(props.id));
  const mode: Mode = props.value === RANDOM ? "random" : isCounted ? "counted" : "fixed";
  const next = MODES[(MODES.indexOf(mode) + 1) % MODES.length] ?? "fixed";
  const Icon = ICONS[mode];
  const choose = () => {
    if (next === "random") props.set(RANDOM);
    else if (mode === "random") props.set(drawn());
    edit("deed.value", (draft) => setCounting(draft, props.id, next === "counted"), { key: `value:${props.id}` });
  };
  return (
    <span className="seed">
      {mode === "random" ? <span className="from">{say("seed.random")}</span> : <NumberBox {...props} value={numberIn(props.value) ?? 0} />}
      <button
        type="button"
        className="small nodrag"
        tabIndex={props.tabIndex}
        title={say(`seed.${mode}.help`)}
        aria-label={`${props.label}: ${say(`seed.${mode}`)}`}
        data-testid={`${props.place === "node" ? "seed" : "detail-seed"}:${props.id}`}
        onClick={choose}
      >
        <Icon size={14} aria-hidden="true" />
      </button>
    </span>
  );
}

/** A number that is short enough to be read out. */
function drawn(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
