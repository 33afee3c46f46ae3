/** One of several, yes or no, and a colour. */

import { useSay } from "../../state/preferences.ts";
import { shared, type WidgetProps } from "./props.ts";

export function ChoiceBox(props: WidgetProps) {
  const value = typeof props.value === "string" ? props.value : "";
  const choices = props.port.choices.includes(value) ? props.port.choices : [value, ...props.port.choices];
  return (
    <select {...shared(props)} className="box choice nodrag" value={value} onChange={(event) => props.set(event.target.value)}>
      {choices.map((choice) => (
        <option key={choice} value={choice}>
          {choice.replaceAll("_", " ")}
        </option>
      ))}
    </select>
  );
}

export function BooleanBox(props: WidgetProps) {
  const say = useSay();
  const isOn = props.value === true;
  return (
    <button {...shared(props)} type="button" role="switch" aria-checked={isOn} className="toggle nodrag" onClick={() => props.set(!isOn)}>
      <span className="track" aria-hidden="true" />
      <span>{say(isOn ? "value.yes" : "value.no")}</span>
    </button>
  );
}

export function ColorBox(props: WidgetProps) {
  const value = typeof props.value === "string" ? props.value : "#000000";
  const { "aria-label": label, ...rest } = shared(props);
  return (
    <span className="color">
      <input {...rest} aria-label={label} className="swatch nodrag" type="color" value={/^#[0-9a-f]{6}$/i.test(value) ? value : "#000000"} onChange={(event) => props.set(event.target.value)} />
      <input className="box nodrag" type="text" aria-label={`${label} #`} tabIndex={props.tabIndex} value={value} spellCheck={false} onChange={(event) => props.set(event.target.value.toLowerCase())} />
    </span>
  );
}
