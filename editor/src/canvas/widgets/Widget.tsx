/** The control of an input, by its type and range. */

import { memo } from "react";

import type { Port } from "../../core/catalogue.ts";
import { portOfParameter } from "../../core/form.ts";
import { mediaOf } from "../../core/media.ts";
import { baseOf, itemOf, listOf } from "../../core/types.ts";
import { whyNot, widgetOf } from "../../core/values.ts";
import { typeIn, useDocuments } from "../../state/documents.ts";
import { useSayThat } from "../../state/preferences.ts";
import { type Given, useInput, useParameter } from "../useInput.ts";
import { BooleanBox, ChoiceBox, ColorBox } from "./ChoiceBox.tsx";
import { CurveBox } from "./CurveBox.tsx";
import { FileBox } from "./FileBox.tsx";
import { JsonBox } from "./JsonBox.tsx";
import { NumberBox } from "./NumberBox.tsx";
import { SeedBox } from "./SeedBox.tsx";
import { SliderBox } from "./SliderBox.tsx";
import { LinesBox, PromptBox, TextBox } from "./TextBox.tsx";
import type { WidgetProps } from "./props.ts";

/** Lists of these are written one item on a line. */
const LINES: ReadonlySet<string> = new Set(["text", "choice", "color"]);

/** Whether a list is written so: on a node only prompts have room for it. */
function isInLines(port: Port, place: WidgetProps["place"]): boolean {
  const isRoomy = place !== "node" || widgetOf({ ...port, type: baseOf(port.type) }) === "prompt";
  return isRoomy && LINES.has(baseOf(port.type)) && itemOf(port.type) !== undefined;
}

interface Asked {
  readonly node: string;
  readonly port: Port;
  readonly isTabbable: boolean;
  readonly place?: WidgetProps["place"];
  /** What it is called where its node is not seen. */
  readonly label?: string;
}

export const Widget = memo(function Widget({ node, port, isTabbable, place = "node", label = `${node} ${port.name}` }: Asked) {
  const given = useInput(node, port);
  const isEach = useDocuments((state) => state.history.now.graph.nodes.get(node)?.forEach.includes(port.name) === true);
  if (given.kind === "wire") return <span className="from">{given.source}</span>;
  // A node that is called for each item is given a list of what it takes.
  const taken = isEach ? { ...port, type: listOf(port.type), choices: [] } : port;
  return <Control id={`${node}.${port.name}`} node={node} port={taken} given={given} place={place} label={label} isTabbable={isTabbable} />;
});

/** The control of a parameter of the graph, wherever it is taken. */
export const ParameterWidget = memo(function ParameterWidget({ name, label }: { readonly name: string; readonly label: string }) {
  const given = useParameter(name);
  const state = useDocuments((documents) => documents);
  const { graph } = state.history.now;
  const parameter = graph.parameters.get(name);
  if (parameter === undefined) return null;
  const { port, node } = portOfParameter(graph, (one) => typeIn(state, one), name, parameter);
  return <Control id={name} node={node} port={port} given={given} place="form" label={label} isTabbable />;
});

interface ControlProps {
  readonly id: string;
  /** The node that takes the value; empty where none does. */
  readonly node: string;
  readonly port: Port;
  readonly given: Given;
  readonly place: WidgetProps["place"];
  readonly label: string;
  readonly isTabbable: boolean;
}

function Control({ id, node, port, given, place, label, isTabbable }: ControlProps) {
  const sayThat = useSayThat();
  const media = useDocuments((state) => mediaOf(typeIn(state, node), port));
  const value = given.value ?? null;
  const fault = given.kind === "default" ? undefined : whyNot(port, value);
  const props: WidgetProps = {
    port,
    value,
    id,
    place,
    media,
    label,
    fault: fault === undefined ? "" : sayThat(fault),
    isDefault: given.kind === "default",
    tabIndex: isTabbable ? 0 : -1,
    set: given.set,
  };
  // What is not given yet is no mistake.
  if (place !== "form" || props.fault === "" || value === null || value === "") return <Box props={props} node={node} />;
  return (
    <>
      <Box props={props} node={node} />
      <p className="form-wrong">{props.fault}</p>
    </>
  );
}

function Box({ props, node }: { readonly props: WidgetProps; readonly node: string }) {
  const { port, place } = props;
  switch (widgetOf(port)) {
    case "prompt":
      return <PromptBox {...props} />;
    case "text":
      return <TextBox {...props} />;
    case "integer":
    case "number":
      return place === "node" ? <NumberBox {...props} /> : <SliderBox {...props} />;
    case "seed":
      return <SeedBox {...props} />;
    case "boolean":
      return <BooleanBox {...props} />;
    case "choice":
      return <ChoiceBox {...props} />;
    case "color":
      return <ColorBox {...props} />;
    case "file":
      return <FileBox {...props} node={node} />;
    case "curve":
      return <CurveBox {...props} />;
    case "json":
      return isInLines(port, place) ? <LinesBox {...props} /> : <JsonBox {...props} />;
    case "wire":
      return null;
  }
}
