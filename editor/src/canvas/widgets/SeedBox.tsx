/** A seed: fixed, drawn anew for each run, or counted up after each. What a run drew is shown after it, and can be kept. */

import { Dices, ListPlus, Lock, Pin } from "lucide-react";

import { numberIn } from "../../core/json.ts";
import { RANDOM } from "../../core/values.ts";
import { parameterAt, seedInputs, setCounting } from "../../core/edit/seeds.ts";
import { draftNow, edit, useDocuments } from "../../state/documents.ts";
import { useSay } from "../../state/preferences.ts";
import { keyOfParameter, useUsedSeed } from "../../state/seeds.ts";
import { NumberBox } from "./NumberBox.tsx";
import { shared, type WidgetProps } from "./props.ts";

type Mode = "fixed" | "random" | "counted";
const MODES: readonly Mode[] = ["fixed", "random", "counted"];
const ICONS = { fixed: Lock, random: Dices, counted: ListPlus } as const;
const MARKS = { node: "seed", details: "detail-seed", form: "form-seed" } as const;

export function SeedBox(props: WidgetProps) {
  const say = useSay();
  const isCounted = useDocuments(({ history: { now } }) => seedInputs(now.graph, props.id).some((input) => now.view.counting.includes(input)));
  const parameter = useDocuments((state) => parameterAt(state.history.now.graph, props.id));
  const used = useUsedSeed(parameter === null ? props.id : keyOfParameter(parameter));
  const mode: Mode = props.value === RANDOM ? "random" : isCounted ? "counted" : "fixed";
  const choose = (next: Mode) => {
    if (next === "random") props.set(RANDOM);
    else if (mode === "random") props.set(used ?? drawn());
    const inputs = seedInputs(draftNow().graph, props.id);
    edit("deed.value", (draft) => inputs.reduce((changed, input) => setCounting(changed, input, next === "counted"), draft), { key: `value:${props.id}` });
  };
  return (
    <span className="seed">
      {mode === "random" ? (
        <span className="from" title={used === undefined ? undefined : say("seed.used", { seed: used })} data-testid={`${MARKS[props.place]}-used:${props.id}`}>
          {used === undefined ? say("seed.random") : props.place === "node" ? used : say("seed.used", { seed: used })}
        </span>
      ) : (
        <NumberBox {...props} value={numberIn(props.value) ?? 0} />
      )}
      {mode === "random" && used !== undefined && (
        <button type="button" className="small nodrag" tabIndex={props.tabIndex} title={say("seed.keep")} aria-label={`${props.label}: ${say("seed.keep")}`} onClick={() => choose("fixed")}>
          <Pin size={14} aria-hidden="true" />
        </button>
      )}
      {props.place === "node" ? <ModeButton props={props} mode={mode} onChoose={choose} /> : <Modes props={props} mode={mode} onChoose={choose} />}
    </span>
  );
}

interface Choosing {
  readonly props: WidgetProps;
  readonly mode: Mode;
  readonly onChoose: (mode: Mode) => void;
}

/** On a node there is room for one button: it leads from mode to mode. */
function ModeButton({ props, mode, onChoose }: Choosing) {
  const say = useSay();
  const Icon = ICONS[mode];
  return (
    <button
      type="button"
      className="small nodrag"
      tabIndex={props.tabIndex}
      title={say(`seed.${mode}.help`)}
      aria-label={`${props.label}: ${say(`seed.${mode}`)}`}
      data-testid={`${MARKS[props.place]}:${props.id}`}
      onClick={() => onChoose(MODES[(MODES.indexOf(mode) + 1) % MODES.length] ?? "fixed")}
    >
      <Icon size={14} aria-hidden="true" />
    </button>
  );
}

function Modes({ props, mode, onChoose }: Choosing) {
  const say = useSay();
  const { title, tabIndex } = shared(props);
  return (
    <span className="modes" role="group" aria-label={say("seed.mode", { label: props.label })} title={title}>
      {MODES.map((one) => {
        const Icon = ICONS[one];
        return (
          <button
            key={one}
            type="button"
            aria-pressed={mode === one}
            className="small nodrag"
            tabIndex={tabIndex}
            aria-label={say(`seed.${one}`)}
            title={say(`seed.${one}`)}
            data-testid={`${MARKS[props.place]}-${one}:${props.id}`}
            onClick={() => onChoose(one)}
          >
            <Icon size={14} aria-hidden="true" />
          </button>
        );
      })}
    </span>
  );
}

/** A number that is short enough to be read out. */
function drawn(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
