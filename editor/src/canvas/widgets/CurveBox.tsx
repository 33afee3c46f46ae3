/** A curve: small on a node, where it can be looked at; elsewhere with points that are dragged, or moved by keys. */

import { Minus, Plus, Spline } from "lucide-react";
import { type KeyboardEvent, type MouseEvent, type PointerEvent, useEffect, useRef, useState } from "react";

import { addBeside, addPoint, type Curve, type CurvePoint, type CurveRange, curveIn, heightAt, jsonOfCurve, movePoint, pathOf, PRESETS, presetIn, presetOf, removePoint } from "../../core/curve.ts";
import { useSay } from "../../state/preferences.ts";
import { JsonBox } from "./JsonBox.tsx";
import { shared, type WidgetProps } from "./props.ts";

const WIDTH = 240;
const HEIGHT = 120;
/** Shares of the way and of the range by which a key moves a point, and with Shift. */
const STEP = 0.01;
const LEAP = 0.1;

export function CurveBox(props: WidgetProps) {
  const say = useSay();
  const curve = curveIn(props.value) ?? (props.value === null ? curveIn(props.port.default) : undefined);
  if (curve === undefined) return <JsonBox {...props} />;
  const range = rangeIn(props, curve);
  if (props.place !== "node") return <CurveEditor props={props} curve={curve} range={range} />;
  const { "aria-label": label, "data-testid": mark } = shared(props);
  return (
    <svg className="curve-small" role="img" aria-label={`${label}: ${say("curve.points", { count: curve.points.length })}`} data-testid={mark} viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`} preserveAspectRatio="none">
      <Line curve={curve} range={range} />
    </svg>
  );
}

/** The declared heights; where none are, those that are there. */
function rangeIn({ port }: WidgetProps, { points }: Curve): CurveRange {
  const heights = points.map(([, y]) => y);
  const [least, most] = [port.minimum ?? Math.min(0, ...heights), port.maximum ?? Math.max(1, ...heights)];
  return most > least ? { least, most } : { least, most: least + 1 };
}

function Line({ curve, range }: { readonly curve: Curve; readonly range: CurveRange }) {
  const path = pathOf(curve, WIDTH, HEIGHT, range);
  return (
    <>
      <path className="curve-area" d={`${path}L${String(WIDTH)} ${String(HEIGHT)}L0 ${String(HEIGHT)}Z`} />
      <path className="curve-line" d={path} vectorEffect="non-scaling-stroke" />
    </>
  );
}

interface Edited {
  readonly props: WidgetProps;
  readonly curve: Curve;
  readonly range: CurveRange;
}

/** All that is dragged until it is let go is one step of undo. */
let gestures = 0;

function CurveEditor({ props, curve, range }: Edited) {
  const say = useSay();
  const [chosen, setChosen] = useState(0);
  const sheet = useRef<HTMLDivElement>(null);
  const wanted = useRef<number | null>(null);
  const at = Math.min(chosen, curve.points.length - 1);
  useEffect(() => {
    if (wanted.current === null) return;
    sheet.current?.querySelectorAll<HTMLElement>(".curve-point")[wanted.current]?.focus();
    wanted.current = null;
  });
  const { "aria-label": label, "data-testid": mark, title } = shared(props);
  const set = (next: Curve, gesture?: string) => props.set(jsonOfCurve(next), gesture);
  const choose = (point: number) => {
    setChosen(point);
    wanted.current = point;
  };
  const place = (event: { readonly clientX: number; readonly clientY: number }): CurvePoint => {
    const box = sheet.current?.getBoundingClientRect() ?? new DOMRect(0, 0, 1, 1);
    const height = 1 - (event.clientY - box.top) / box.height;
    return [(event.clientX - box.left) / box.width, range.least + height * (range.most - range.least)];
  };
  const add = ({ curve: next, at: point }: { readonly curve: Curve; readonly at: number }) => {
    set(next);
    choose(point);
  };
  const remove = (point: number) => {
    if (curve.points.length <= 2) return;
    set(removePoint(curve, point));
    choose(Math.min(point, curve.points.length - 2));
  };
  return (
    <div className="curve nodrag" role="group" aria-label={label} title={title} data-testid={mark}>
      <div
        ref={sheet}
        className="curve-sheet"
        data-testid={`sheet:${props.id}`}
        onDoubleClick={(event: MouseEvent) => {
          if (!(event.target instanceof Element) || event.target.closest(".curve-point") === null) add(addPoint(curve, place(event), range));
        }}
      >
        <svg viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`} preserveAspectRatio="none" aria-hidden="true">
          <Grid />
          <Line curve={curve} range={range} />
        </svg>
        {curve.points.map((point, number) => (
          <Point key={number} number={number} point={point} edited={{ props, curve, range }} isChosen={number === at} place={place} onChoose={setChosen} onRemove={remove} onMove={(to, gesture) => set(movePoint(curve, number, to, range), gesture)} />
        ))}
      </div>
      <CurveTools edited={{ props, curve, range }} at={at} onAdd={() => add(addBeside(curve, at, range))} onRemove={() => remove(at)} onSet={set} />
      <p className="curve-help">{say("curve.help")}</p>
    </div>
  );
}

function Grid() {
  return (
    <g className="curve-grid">
      {[1, 2, 3].map((part) => (
        <path key={part} d={`M${String((WIDTH * part) / 4)} 0V${String(HEIGHT)}M0 ${String((HEIGHT * part) / 4)}H${String(WIDTH)}`} vectorEffect="non-scaling-stroke" />
      ))}
    </g>
  );
}

interface PointProps {
  readonly number: number;
  readonly point: CurvePoint;
  readonly edited: Edited;
  readonly isChosen: boolean;
  readonly place: (event: PointerEvent) => CurvePoint;
  readonly onChoose: (point: number) => void;
  readonly onMove: (to: CurvePoint, gesture?: string) => void;
  readonly onRemove: (point: number) => void;
}

/** A point: arrows move it, Shift further; Delete takes it away. */
function Point({ number, point: [x, y], edited: { props, curve, range }, isChosen, place, onChoose, onMove, onRemove }: PointProps) {
  const say = useSay();
  const gesture = useRef("");
  const tall = range.most - range.least;
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? LEAP : STEP;
    const to: Readonly<Record<string, CurvePoint>> = {
      ArrowLeft: [x - step, y],
      ArrowRight: [x + step, y],
      ArrowUp: [x, y + step * tall],
      ArrowDown: [x, y - step * tall],
      PageUp: [x, y + LEAP * tall],
      PageDown: [x, y - LEAP * tall],
      Home: [x, range.least],
      End: [x, range.most],
    };
    const next = to[event.key];
    if (next !== undefined) onMove(next);
    else if (event.key === "Delete" || event.key === "Backspace") onRemove(number);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <span
      className={`curve-point${isChosen ? " is-chosen" : ""}`}
      style={{ left: `${String(x * 100)}%`, top: `${String(100 * (1 - (y - range.least) / tall))}%` }}
      role="slider"
      tabIndex={props.tabIndex}
      aria-label={say("curve.point", { number: number + 1, all: curve.points.length })}
      aria-orientation="vertical"
      aria-valuemin={range.least}
      aria-valuemax={range.most}
      aria-valuenow={y}
      aria-valuetext={say("curve.place", { x: (x * 100).toFixed(0), y: y.toFixed(2) })}
      data-testid={`point:${props.id}.${String(number)}`}
      onFocus={() => onChoose(number)}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        gestures += 1;
        gesture.current = `curve:${String(gestures)}`;
        event.currentTarget.setPointerCapture(event.pointerId);
        event.currentTarget.focus();
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId) && event.buttons !== 0) onMove(place(event), gesture.current);
      }}
    />
  );
}

interface ToolsProps {
  readonly edited: Edited;
  readonly at: number;
  readonly onAdd: () => void;
  readonly onRemove: () => void;
  readonly onSet: (curve: Curve) => void;
}

function CurveTools({ edited: { props, curve, range }, at, onAdd, onRemove, onSet }: ToolsProps) {
  const say = useSay();
  const first = curveIn(props.port.default);
  const rest = first === undefined ? range.most : heightAt(first, 0);
  const preset = presetIn(curve, range.least, rest);
  const isSmooth = curve.interpolation === "monotone";
  const label = (words: string) => ({ "aria-label": words, title: words, tabIndex: props.tabIndex });
  return (
    <div className="curve-tools">
      <select
        {...label(say("curve.shape"))}
        className="box choice"
        value={preset ?? ""}
        data-testid={`shape:${props.id}`}
        onChange={(event) => {
          const found = PRESETS.find((one) => one === event.target.value);
          if (found !== undefined) onSet(presetOf(found, range.least, rest, curve.interpolation));
        }}
      >
        {preset === undefined && <option value="">{say("curve.own")}</option>}
        {PRESETS.map((one) => (
          <option key={one} value={one}>
            {say(`curve.shape.${one}`)}
          </option>
        ))}
      </select>
      <button {...label(say("curve.smooth"))} type="button" className="small" aria-pressed={isSmooth} data-testid={`smooth:${props.id}`} onClick={() => onSet({ ...curve, interpolation: isSmooth ? "linear" : "monotone" })}>
        <Spline size={14} aria-hidden="true" />
      </button>
      <button {...label(say("curve.add", { number: at + 1 }))} type="button" className="small" data-testid={`add-point:${props.id}`} onClick={onAdd}>
        <Plus size={14} aria-hidden="true" />
      </button>
      <button {...label(say("curve.remove", { number: at + 1 }))} type="button" className="small" disabled={curve.points.length <= 2} data-testid={`remove-point:${props.id}`} onClick={onRemove}>
        <Minus size={14} aria-hidden="true" />
      </button>
    </div>
  );
}
