/** Text on one line, and prompts on several. */

import { useState } from "react";

import { shared, type WidgetProps } from "./props.ts";

export function TextBox(props: WidgetProps) {
  const text = typeof props.value === "string" ? props.value : "";
  return <input {...shared(props)} className="box nodrag" type="text" value={text} placeholder={placeholderOf(props)} onChange={(event) => props.set(event.target.value)} />;
}

/** The wheel scrolls the text of a box that has the keyboard; over any other it zooms the canvas. */
export function PromptBox(props: WidgetProps & { readonly rows: number }) {
  const [isFocused, setFocused] = useState(false);
  const text = typeof props.value === "string" ? props.value : "";
  return (
    <textarea
      {...shared(props)}
      className={`box prompt nodrag${isFocused ? " nowheel" : ""}`}
      rows={props.rows}
      value={text}
      spellCheck={isFocused}
      placeholder={placeholderOf(props)}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
      onChange={(event) => props.set(event.target.value)}
    />
  );
}

function placeholderOf({ port }: WidgetProps): string {
  return port.help.split(/[;.]/)[0] ?? "";
}
