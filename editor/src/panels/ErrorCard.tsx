/** A failure that explains itself: its cause, what went in, how full the machine was, and what can be done in one press. */

import { Cpu, RotateCcw, ScrollText, Shrink } from "lucide-react";

import { thumbnailOf } from "../api/runs.ts";
import type { Device } from "../api/generated.ts";
import { lower, type Lowered, lowered } from "../core/edit/smaller.ts";
import type { Input } from "../core/graph.ts";
import { stepWithin } from "../core/levels.ts";
import { canonical } from "../core/jsonWrite.ts";
import { isPictured } from "../core/media.ts";
import { showDock } from "../state/dock.ts";
import { edit, typeIn, useDocuments } from "../state/documents.ts";
import { goToStep } from "../state/levels.ts";
import { useOutputs } from "../state/outputs.ts";
import { askRun } from "../state/parts.ts";
import { usePreferences, useSay } from "../state/preferences.ts";
import { type Failure, showEntry, useRecord } from "../state/record.ts";
import { useRunning } from "../state/running.ts";
import { prefixIn, useTabs } from "../state/tabs.ts";
import { useStatus } from "../state/runs.ts";
import { revealNode } from "../state/actions.ts";
import { bytesText } from "../words/when.ts";

/** Faults that asking for less may mend: the time limit, memory. */
const TOO_MUCH: ReadonlySet<string> = new Set(["R003", "R009", "R012"]);
/** Values that are shown: the others are where they were given. */
const LONGEST = 120;

export function ErrorCard({ name }: { readonly name: string }) {
  const say = useSay();
  const failure = useRecord((state) => state.failures.get(name));
  const { state } = useStatus(name);
  if (failure === undefined || state !== "error") return null;
  return (
    <section className="error-card" aria-label={say("error.title")} data-testid="error-card">
      <h3>
        {say("error.title")} <code>{failure.code}</code>
      </h3>
      <p className="error-cause">{failure.message}</p>
      <Inside step={failure.step} />
      <Fixes name={name} failure={failure} />
      <Given name={name} />
      {failure.devices !== null && <Memory devices={failure.devices} />}
    </section>
  );
}

/** Where a node that stands for a saved graph failed, the way to the one within it that did. */
function Inside({ step }: { readonly step: string }) {
  const say = useSay();
  const prefix = useTabs(prefixIn);
  const here = stepWithin(step, prefix);
  if (here?.includes("/") !== true) return null;
  return (
    <button type="button" className="link" data-testid="error-inside" onClick={() => void goToStep(step)}>
      {say("error.inside", { node: here })}
    </button>
  );
}

function Fixes({ name, failure }: { readonly name: string; readonly failure: Failure }) {
  const say = useSay();
  const isGoing = useRunning((state) => state.isGoing);
  const type = useDocuments((state) => typeIn(state, name));
  const node = useDocuments((state) => state.history.now.graph.nodes.get(name));
  const less: readonly Lowered[] = TOO_MUCH.has(failure.code) && node !== undefined ? lowered(type, node) : [];
  const changes = less.map(({ port, from, to }) => say("error.lower", { port, from, to })).join(", ");
  return (
    <div className="error-fixes">
      {less.length > 0 && (
        <button
          type="button"
          className="quiet"
          disabled={isGoing}
          data-testid="fix-lower"
          onClick={() => {
            edit("deed.lower", (draft) => lower(draft, name, less));
            void askRun();
          }}
        >
          <Shrink size={14} aria-hidden="true" />
          {say("error.lowerAll", { changes })}
        </button>
      )}
      <button type="button" className="quiet" disabled={isGoing} data-testid="fix-retry" onClick={() => void askRun()}>
        <RotateCcw size={14} aria-hidden="true" />
        {say("error.retry")}
      </button>
      <button
        type="button"
        className="quiet"
        data-testid="error-log"
        onClick={() => {
          showDock("log");
          showEntry(failure.entry);
        }}
      >
        <ScrollText size={14} aria-hidden="true" />
        {say("error.log")}
      </button>
    </div>
  );
}

/** What the node was given: pictures of what came by wire, the values themselves. */
function Given({ name }: { readonly name: string }) {
  const say = useSay();
  const inputs = useDocuments((state) => state.history.now.graph.nodes.get(name)?.inputs);
  if (inputs === undefined || inputs.size === 0) return null;
  return (
    <>
      <h4>{say("error.inputs")}</h4>
      <dl className="error-inputs">
        {[...inputs].map(([port, input]) => (
          <div key={port}>
            <dt>{port.replaceAll("_", " ")}</dt>
            <dd>{input.kind === "wire" ? <FromNode node={input.wire.node} port={input.wire.port} /> : <Constant input={input} />}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Constant({ input }: { readonly input: Exclude<Input, { kind: "wire" }> }) {
  const value = useDocuments((state) => (input.kind === "param" ? state.history.now.graph.parameters.get(input.name)?.default : input.value));
  const say = useSay();
  return <>{value === undefined ? say("error.notGiven") : shortened(typeof value === "string" ? value : canonical(value))}</>;
}

function FromNode({ node, port }: { readonly node: string; readonly port: string }) {
  const say = useSay();
  const made = useOutputs(node).find((one) => one.port === port);
  const given = made?.given;
  return (
    <button type="button" className="link error-input" onClick={() => revealNode(node)}>
      {given?.kind === "artefact" && isPictured(given) && <img src={thumbnailOf(given.digest)} alt="" width={96} height={64} onError={(event) => event.currentTarget.remove()} />}
      {given?.kind === "value" && <span className="error-value">{shortened(JSON.stringify(given.value))}</span>}
      <span>{say("error.elsewhere", { wire: `${node}.${port}` })}</span>
    </button>
  );
}

function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}

function Memory({ devices }: { readonly devices: readonly Device[] }) {
  const say = useSay();
  const language = usePreferences((state) => state.language);
  const known = devices.filter((device) => device.used_bytes !== null && device.total_bytes !== null);
  if (known.length === 0) return null;
  return (
    <>
      <h4>{say("error.memory")}</h4>
      <ul className="error-memory">
        {known.map((device) => (
          <li key={device.name} className={`is-${device.level ?? "green"}`}>
            <Cpu size={13} aria-hidden="true" />
            {say("error.device", { device: device.title, used: bytesText(language, device.used_bytes ?? 0), total: bytesText(language, device.total_bytes ?? 0) })}
          </li>
        ))}
      </ul>
    </>
  );
}
