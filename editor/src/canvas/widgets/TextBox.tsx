/** Text on one line, prompts on several, and lists of texts, one on each line. */

import { useState } from "react";

import { isList } from "../../core/json.ts";
import { shared, type WidgetProps } from "./props.ts";

export function TextBox(props: WidgetProps) {
  const text = typeof props.value === "string" ? props.value : "";
  return <input {...shared(props)} className="box nodrag" type="text" value={text} placeholder={placeholderOf(props)} onChange={(event) => props.set(event.target.value)} />;
}

/** Grows with its text as far as there is room. */
export function PromptBox(props: WidgetProps) {
  const text = typeof props.value === "string" ? props.value : "";
  return <LongBox props={props} text={text} rows={3} placeholder={placeholderOf(props)} onText={props.set} />;
}

/** A list of texts: what stands on one line is one of them. */
export function LinesBox(props: WidgetProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const lines = isList(props.value) ? props.value.filter((item) => typeof item === "string") : [];
  const take = (text: string) => {
    setTyped(text);
    props.set(text.split("\n").filter((line) => line.trim() !== ""));
  };
  return <LongBox props={props} text={typed ?? lines.join("\n")} rows={3} placeholder={placeholderOf(props)} onText={take} onDone={() => setTyped(null)} />;
}

interface LongProps {
  readonly props: WidgetProps;
  readonly text: string;
  readonly rows: number;
  readonly placeholder: string;
  readonly onText: (text: string) => void;
  readonly onDone?: () => void;
}

/** The wheel scrolls the text of a box that has the keyboard; over any other it zooms the canvas. */
function LongBox({ props, text, rows, placeholder, onText, onDone }: LongProps) {
  const [isFocused, setFocused] = useState(false);
  return (
    <textarea
      {...shared(props)}
      className={`box prompt nodrag${isFocused ? " nowheel" : ""}`}
      rows={rows}
      value={text}
      spellCheck={isFocused}
      placeholder={placeholder}
      onFocus={() => setFocused(true)}
      onBlur={() => {
        setFocused(false);
        onDone?.();
      }}
      onChange={(event) => onText(event.target.value)}
    />
  );
}

function placeholderOf({ port }: WidgetProps): string {
  return port.help.split(/[;.]/)[0] ?? "";
}
