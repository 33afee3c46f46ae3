/** The inputs of the selected node: each with its value or where it comes from, and what may be done to it. */

import { ClipboardList, Link2Off, Repeat, Variable } from "lucide-react";

import type { NodeType, Port } from "../core/catalogue.ts";
import type { Draft } from "../core/draft.ts";
import { clearInput, makeParameter, setForEach } from "../core/edit/inputs.ts";
import { isInForm, mayBeInForm, setInForm } from "../core/form.ts";
import { baseOf } from "../core/types.ts";
import { widgetOf } from "../core/values.ts";
import { revealNode } from "../state/actions.ts";
import { edit, useDocuments } from "../state/documents.ts";
import { preferences, usePreferences, useSay } from "../state/preferences.ts";
import { PortMark } from "../canvas/PortMark.tsx";
import { PaintMask } from "../canvas/widgets/PaintButton.tsx";
import { Widget } from "../canvas/widgets/Widget.tsx";

export function Inputs({ name, type }: { readonly name: string; readonly type: NodeType }) {
  const say = useSay();
  if (type.inputs.length === 0) return null;
  const advanced = type.inputs.filter((port) => port.isAdvanced);
  return (
    <section>
      <h3>{say("inspector.inputs")}</h3>
      {type.inputs.filter((port) => !port.isAdvanced).map((port) => (
        <InputDetails key={port.name} name={name} port={port} />
      ))}
      {advanced.length > 0 && <Advanced name={name} ports={advanced} />}
    </section>
  );
}

/** What is seldom touched, under one heading; whether that is open is remembered for all nodes. */
function Advanced({ name, ports }: { readonly name: string; readonly ports: readonly Port[] }) {
  const say = useSay();
  const isOpen = usePreferences((state) => state.isAdvancedOpen);
  const given = useDocuments((state) => ports.filter((port) => state.history.now.graph.nodes.get(name)?.inputs.has(port.name)).length);
  return (
    <details className="advanced" open={isOpen} data-testid="advanced" onToggle={(event) => preferences.setState({ isAdvancedOpen: event.currentTarget.open })}>
      <summary>
        {say("inspector.advanced")}
        <span className="advanced-count">{say(given === 0 ? "inspector.advancedCount" : "inspector.advancedGiven", { count: ports.length, given })}</span>
      </summary>
      {ports.map((port) => (
        <InputDetails key={port.name} name={name} port={port} />
      ))}
    </details>
  );
}

function InputDetails({ name, port }: { readonly name: string; readonly port: Port }) {
  const say = useSay();
  const table = useDocuments((state) => state.catalogue.types);
  const input = useDocuments((state) => state.history.now.graph.nodes.get(name)?.inputs.get(port.name));
  const isEach = useDocuments((state) => state.history.now.graph.nodes.get(name)?.forEach.includes(port.name) === true);
  const to = { node: name, port: port.name };
  const isWire = input?.kind === "wire";
  const isShown = useDocuments((state) => isInForm(state.history.now, to));
  const mayShow = useDocuments((state) => mayBeInForm(state.history.now.graph, to, port));
  return (
    <div className="field" data-port={port.name}>
      <div className="field-head">
        <PortMark type={isEach ? `list[${port.type}]` : port.type} table={table} isFilled={isWire} />
        <span className="field-name">{port.name.replaceAll("_", " ")}</span>
        <span className="field-type">{port.type}</span>
        <button type="button" className="small" aria-pressed={isEach} aria-label={say("each.for", { port: port.name })} title={say("each.help")} onClick={() => edit("deed.forEach", (draft) => toggleEach(draft, name, port.name))}>
          <Repeat size={14} aria-hidden="true" />
        </button>
        {mayShow && (
          <button type="button" className="small" aria-pressed={isShown} aria-label={say("form.show", { port: port.name })} title={say("form.show", { port: port.name })} data-testid={`in-form:${name}.${port.name}`} onClick={() => edit("deed.form", (draft) => setInForm(draft, to, !isShown))}>
            <ClipboardList size={14} aria-hidden="true" />
          </button>
        )}
        {input !== undefined && (
          <button type="button" className="small" aria-label={say("input.clear", { port: port.name })} title={say("input.clear", { port: port.name })} onClick={() => edit("deed.value", (draft) => clearInput(draft, to))}>
            <Link2Off size={14} aria-hidden="true" />
          </button>
        )}
        {!isWire && input?.kind !== "param" && widgetOf(port) !== "wire" && (
          <button type="button" className="small" aria-label={say("input.parameter", { port: port.name })} title={say("input.parameter", { port: port.name })} onClick={() => edit("deed.parameter", (draft) => makeParameter(draft, to, port).draft)}>
            <Variable size={14} aria-hidden="true" />
          </button>
        )}
      </div>
      {isWire ? (
        <button type="button" className="link from" onClick={() => revealNode(input.wire.node)}>
          ← {input.wire.node}.{input.wire.port}
        </button>
      ) : (
        widgetOf(port) !== "wire" && <Widget node={name} port={port} isTabbable place="details" />
      )}
      {baseOf(port.type) === "mask" && <PaintMask to={to} tabIndex={0} isWordy />}
      {input?.kind === "param" && <p className="help">{say("param.from", { name: input.name })}</p>}
      {port.help !== "" && <p className="help">{port.help}</p>}
    </div>
  );
}

function toggleEach(draft: Draft, name: string, port: string): Draft {
  const now = draft.graph.nodes.get(name)?.forEach ?? [];
  return setForEach(draft, name, now.includes(port) ? now.filter((one) => one !== port) : [...now, port]);
}
