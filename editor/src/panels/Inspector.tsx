/** What is selected, with all that can be said of it. */

import { Star } from "lucide-react";

import type { NodeType, Output } from "../core/catalogue.ts";
import { toggleResult } from "../core/edit/inputs.ts";
import { edit, faultsIn, sceneIn, typeIn, useDocuments } from "../state/documents.ts";
import { usePreferences, useSay, useSayThat } from "../state/preferences.ts";
import { useRunning } from "../state/running.ts";
import { useViews, views } from "../state/views.ts";
import { PortMark } from "../canvas/PortMark.tsx";
import { ErrorCard } from "./ErrorCard.tsx";
import { Inputs } from "./InputDetails.tsx";
import { MissingNode } from "./MissingNode.tsx";
import { Why } from "./Why.tsx";
import { useNodeLook } from "../canvas/nodeLook.ts";
import { secondsText } from "../words/when.ts";
import { NodeShown } from "../viewer/NodeShown.tsx";

export function Inspector() {
  const say = useSay();
  const nodes = useViews((state) => state.nodes);
  const isThere = useDocuments((state) => [...nodes].some((name) => state.history.now.graph.nodes.has(name)));
  const [name] = nodes;
  if (name === undefined || !isThere) return null;
  return (
    <aside className="inspector" aria-label={say("inspector")} data-testid="inspector">
      {nodes.size === 1 ? <NodeDetails key={name} name={name} /> : <p className="count">{say("inspector.many", { count: nodes.size })}</p>}
    </aside>
  );
}

function NodeDetails({ name }: { readonly name: string }) {
  const say = useSay();
  const language = usePreferences((state) => state.language);
  const sayThat = useSayThat();
  const type = useDocuments((state) => typeIn(state, name));
  const look = useNodeLook(name);
  const seconds = look.seconds ?? type.seconds;
  const reason = useRunning((state) => state.plan?.reasons.get(name) ?? "");
  const refused = useRunning((state) => state.faults.get(name));
  const faults = useDocuments((state) => faultsIn(state).get(name));
  return (
    <>
      <header className="details-head">
        <h2>{name}</h2>
        <button type="button" className="link" onClick={() => views.setState({ renaming: name })}>
          {say("command.rename")}
        </button>
      </header>
      <p className="details-type">
        {type.title} <code>{type.id}</code>
      </p>
      {look.state === "missing" ? <MissingNode name={name} type={type.id} /> : <p className="help">{type.help}</p>}
      <dl className="facts">
        <dt>{say("inspector.state")}</dt>
        <dd>{look.word}</dd>
        {seconds >= 0.05 && (
          <>
            <dt>{say("inspector.time")}</dt>
            <dd>{secondsText(language, seconds)}</dd>
          </>
        )}
        {type.vramGib > 0 && (
          <>
            <dt>{say("inspector.memory")}</dt>
            <dd>{say("gib", { gib: type.vramGib })}</dd>
          </>
        )}
      </dl>
      <ErrorCard name={name} />
      <Why name={name} planned={reason} />
      {faults === undefined && refused !== undefined && (
        <ul className="faults">
          <li>{refused}</li>
        </ul>
      )}
      {faults !== undefined && (
        <ul className="faults">
          {faults.map((fault) => (
            <li key={fault.at + fault.code} className={fault.code === "G103" ? "is-open" : undefined}>{sayThat(fault.said)}</li>
          ))}
        </ul>
      )}
      <NodeShown key={name} name={name} type={type} />
      <Inputs name={name} type={type} />
      <Outputs name={name} type={type} />
    </>
  );
}

function Outputs({ name, type }: { readonly name: string; readonly type: NodeType }) {
  const say = useSay();
  return (
    <section>
      <h3>{say("inspector.outputs")}</h3>
      {type.outputs.map((output) => (
        <OutputDetails key={output.name} name={name} output={output} />
      ))}
    </section>
  );
}

function OutputDetails({ name, output }: { readonly name: string; readonly output: Output }) {
  const say = useSay();
  const table = useDocuments((state) => state.catalogue.types);
  const type = useDocuments((state) => sceneIn(state).typing.get(name)?.get(output.name) || output.type);
  const result = useDocuments((state) => [...state.history.now.graph.results].find(([, wire]) => wire.node === name && wire.port === output.name)?.[0] ?? "");
  return (
    <div className="field">
      <div className="field-head">
        <PortMark type={type} table={table} />
        <span className="field-name">{output.name.replaceAll("_", " ")}</span>
        <span className="field-type">{type}</span>
        <button type="button" className="small" aria-pressed={result !== ""} aria-label={say("output.result", { port: output.name })} title={say("output.result", { port: output.name })} onClick={() => edit("deed.result", (draft) => toggleResult(draft, { node: name, port: output.name }))}>
          <Star size={14} aria-hidden="true" fill={result === "" ? "none" : "currentColor"} />
        </button>
      </div>
      {result !== "" && <p className="help">{say("output.isResult", { name: result })}</p>}
    </div>
  );
}

