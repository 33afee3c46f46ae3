/** The control of an input, by its type and range. */

import { memo } from "react";

import type { Port } from "../../core/catalogue.ts";
import { whyNot, widgetOf } from "../../core/values.ts";
import { useSayThat } from "../../state/preferences.ts";
import { useInput } from "../useInput.ts";
import { BooleanBox, ChoiceBox, ColorBox } from "./ChoiceBox.tsx";
import { FileBox } from "./FileBox.tsx";
import { JsonBox } from "./JsonBox.tsx";
import { NumberBox } from "./NumberBox.tsx";
import { SeedBox } from "./SeedBox.tsx";
import { PromptBox, TextBox } from "./TextBox.tsx";
import type { WidgetProps } from "./props.ts";

export const Widget = memo(function Widget({ node, port, isTabbable, place = "node" }: { readonly node: string; readonly port: Port; readonly isTabbable: boolean; readonly place?: WidgetProps["place"] }) {
  const given = useInput(node, port);
  const sayThat = useSayThat();
  if (given.kind === "wire") return <span className="from">{given.source}</span>;
  const value = given.value ?? null;
  const fault = given.kind === "default" ? undefined : whyNot(port, value);
  const props: WidgetProps = {
    port,
    value,
    id: `${node}.${port.name}`,
    place,
    label: `${node} ${port.name}`,
    fault: fault === undefined ? "" : sayThat(fault),
    isDefault: given.kind === "default",
    tabIndex: isTabbable ? 0 : -1,
    set: given.set,
  };
  switch (widgetOf(port)) {
    case "prompt":
      return <PromptBox {...props} rows={place === "node" ? 3 : 6} />;
    case "text":
      return <TextBox {...props} />;
    case "integer":
    case "number":
      return <NumberBox {...props} />;
    case "seed":
      return <SeedBox {...props} />;
    case "boolean":
      return <BooleanBox {...props} />;
    case "choice":
      return <ChoiceBox {...props} />;
    case "color":
      return <ColorBox {...props} />;
    case "file":
      return <FileBox {...props} />;
    case "json":
      return <JsonBox {...props} />;
    case "wire":
      return null;
  }
});
