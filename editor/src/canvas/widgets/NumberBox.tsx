/** A number with its unit: typed, stepped with the arrow keys, or dragged to and fro. */

import { useRef, useState } from "react";

import { numberIn } from "../../core/json.ts";
import { clamped, stepOf, whyNot } from "../../core/values.ts";
import type { Port } from "../../core/catalogue.ts";
import { shared, type WidgetProps } from "./props.ts";

/** Pixels of dragging before a press is a drag, and for one step. */
const DEAD = 3;
const A_STEP = 4;
/** Ranges wider than this are not drawn as a bar: it would show nothing. */
const WIDEST = 1000;

export function NumberBox(props: WidgetProps) {
  const { port, set } = props;
  const number = numberIn(props.value);
  const [typed, setTyped] = useState<string | null>(null);
  const drag = useRef<{ x: number; from: number; isOn: boolean } | null>(null);
  const move = (by: number) => set(rounded(clamped(port, (number ?? clamped(port, 0)) + by), port));
  const take = (text: string) => {
    setTyped(text);
    const read = readNumber(text, port);
    if (read !== undefined) set(read);
  };
  return (
    <span className="number" style={{ "--fill": fillOf(port, number) }}>
      <input
        {...shared(props)}
        aria-invalid={props.fault !== "" || (typed !== null && readNumber(typed, port) === undefined)}
        className="box nodrag"
        type="text"
        inputMode="decimal"
        role="spinbutton"
        aria-valuenow={number}
        aria-valuemin={port.minimum}
        aria-valuemax={port.maximum}
        value={typed ?? (number === undefined ? "" : shown(number))}
        onChange={(event) => take(event.target.value)}
        onBlur={() => setTyped(null)}
        onKeyDown={(event) => {
          const way = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
          if (way === 0) return;
          event.preventDefault();
          event.stopPropagation();
          setTyped(null);
          move(way * stepOf(port) * (event.shiftKey ? 10 : 1));
        }}
        onPointerDown={(event) => {
          // A finger on a number scrolls the page; it is meant only where it taps.
          if (document.activeElement === event.currentTarget || event.button !== 0 || event.pointerType === "touch") return;
          event.preventDefault();
          event.currentTarget.setPointerCapture(event.pointerId);
          drag.current = { x: event.clientX, from: number ?? clamped(port, 0), isOn: false };
        }}
        onPointerMove={(event) => {
          const now = drag.current;
          if (now === null) return;
          const across = event.clientX - now.x;
          now.isOn ||= Math.abs(across) > DEAD;
          if (now.isOn) set(rounded(clamped(port, now.from + Math.round(across / A_STEP) * stepOf(port) * (event.shiftKey ? 10 : 1)), port));
        }}
        onPointerCancel={() => (drag.current = null)}
        onPointerUp={(event) => {
          const wasDrag = drag.current?.isOn === true;
          if (drag.current !== null && !wasDrag) {
            event.currentTarget.focus();
            event.currentTarget.select();
          }
          drag.current = null;
        }}
      />
      {port.unit !== "" && <span className="unit">{port.unit}</span>}
    </span>
  );
}

/** What a text says to a port; undefined where the port does not take it. */
function readNumber(text: string, port: Port): number | null | undefined {
  if (text.trim() === "") return port.type.endsWith("?") ? null : undefined;
  const read = Number(text.replace(",", "."));
  return Number.isFinite(read) && whyNot(port, read) === undefined ? read : undefined;
}

function shown(number: number): string {
  return String(Number(number.toPrecision(12)));
}

/** Steps of a tenth are not exact: what they leave behind is cut off. */
function rounded(number: number, port: Port): number {
  const step = stepOf(port);
  const digits = step >= 1 ? 6 : Math.ceil(-Math.log10(step)) + 2;
  return Number(number.toFixed(digits));
}

/** How much of the box is filled, where the range is one that can be seen. */
function fillOf(port: Port, number: number | undefined): string {
  const least = port.minimum ?? port.above;
  const most = port.maximum ?? port.below;
  if (least === undefined || most === undefined || number === undefined || most - least > WIDEST) return "0%";
  return `${String(Math.round(((number - least) / (most - least)) * 100))}%`;
}
