/** A number with room for more: where its range can be seen, a slider beside the box. */

import { numberIn } from "../../core/json.ts";
import { rangeOf, stepOf } from "../../core/values.ts";
import { NumberBox } from "./NumberBox.tsx";
import { shared, type WidgetProps } from "./props.ts";

export function SliderBox(props: WidgetProps) {
  const { port, value, set } = props;
  const range = rangeOf(port);
  if (range === undefined) return <NumberBox {...props} />;
  const number = numberIn(value);
  const { "data-testid": mark, ...rest } = shared(props);
  const share = ((number ?? range.least) - range.least) / (range.most - range.least);
  return (
    <span className="number-slider" style={{ "--fill": `${String(Math.round(share * 100))}%` }}>
      <input
        {...rest}
        data-testid={`slider-${mark}`}
        className="range nodrag"
        type="range"
        min={range.least}
        max={range.most}
        step={stepOf(port)}
        value={number ?? range.least}
        aria-valuetext={number === undefined ? "–" : `${String(number)} ${port.unit}`.trim()}
        onChange={(event) => set(event.target.valueAsNumber)}
      />
      <NumberBox {...props} />
    </span>
  );
}
