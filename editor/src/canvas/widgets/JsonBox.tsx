/** A structured value or a list, as JSON. What is no JSON stays in the box and is not taken. */

import { useState } from "react";

import { isList } from "../../core/json.ts";
import { readJson } from "../../core/jsonRead.ts";
import { canonical } from "../../core/jsonWrite.ts";
import { useSay } from "../../state/preferences.ts";
import { shared, type WidgetProps } from "./props.ts";

export function JsonBox(props: WidgetProps) {
  const say = useSay();
  const [typed, setTyped] = useState<string | null>(null);
  const text = props.value === null || (isList(props.value) && props.value.length === 0 && props.isDefault) ? "" : canonical(props.value);
  const isBad = typed !== null && typed.trim() !== "" && !readJson(typed).isOk;
  return (
    <input
      {...shared(props)}
      aria-invalid={isBad || props.fault !== ""}
      title={isBad ? say("value.json") : props.fault || props.port.help}
      className="box json nodrag"
      type="text"
      spellCheck={false}
      value={typed ?? text}
      placeholder={props.port.type}
      onBlur={() => setTyped(null)}
      onChange={(event) => {
        setTyped(event.target.value);
        const read = readJson(event.target.value);
        if (read.isOk) props.set(read.value);
      }}
    />
  );
}
