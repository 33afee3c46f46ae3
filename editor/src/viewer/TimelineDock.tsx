/** Clips and sounds of the scene beside each other in time; each bar is an output, and a press on it selects its node. */

import { AudioLines, Camera, PersonStanding } from "lucide-react";
import { type CSSProperties, type PointerEvent, useCallback, useRef } from "react";

import { usePreferences, useSay } from "../state/preferences.ts";
import { tenthsText } from "../words/when.ts";
import { select, useViews } from "../state/views.ts";
import { sceneClock } from "./clockStore.ts";
import { useMoment } from "./playback.ts";
import type { Row, Timeline } from "./timeline.ts";
import { onTransportKey, Transport } from "./Transport.tsx";
import { useTimeline } from "./useTimeline.ts";

const ICONS = { camera: Camera, clips: PersonStanding, sound: AudioLines } as const;

export function TimelineDock() {
  const say = useSay();
  const timeline = useTimeline();
  const { seconds, rows } = timeline;
  if (rows.length === 0 || seconds === 0) return <p className="none">{say("dock.timeline.none")}</p>;
  return (
    <div className="timeline" data-testid="timeline">
      <Transport seconds={seconds} hasSound={rows.some(({ isHeard }) => isHeard)} />
      <div className="timeline-rows" style={span(seconds)}>
        <Ruler timeline={timeline} />
        {rows.map((row) => (
          <RowOf key={row.id} row={row} />
        ))}
        <Playhead seconds={seconds} />
      </div>
    </div>
  );
}

function span(seconds: number): CSSProperties {
  return { "--seconds": seconds };
}

function at(start: number, end = start): CSSProperties {
  return { "--start": start, "--end": end };
}

/** Distances of marks on the ruler: the first that leaves no more than so many. */
const DISTANCES = [0.5, 1, 2, 5, 10, 15, 30, 60] as const;
const MOST_MARKS = 8;

function Ruler({ timeline: { seconds, beats } }: { readonly timeline: Timeline }) {
  const say = useSay();
  const distance = DISTANCES.find((one) => seconds / one <= MOST_MARKS) ?? 120;
  const marks = Array.from({ length: Math.floor(seconds / distance) + 1 }, (_, number) => number * distance);
  const ruler = useRef<HTMLDivElement>(null);
  const seek = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    sceneClock.seek(((event.clientX - box.left) / box.width) * seconds);
  };
  const show = useCallback((now: number) => ruler.current?.setAttribute("aria-valuenow", now.toFixed(2)), []);
  useMoment(sceneClock, show);
  return (
    <div className="timeline-row is-ruler">
      <span className="timeline-label" />
      <div
        ref={ruler}
        className="timeline-track"
        role="slider"
        aria-label={say("transport.moment")}
        aria-valuemin={0}
        aria-valuemax={seconds}
        aria-valuenow={0}
        tabIndex={0}
        data-testid="ruler"
        onKeyDown={onTransportKey}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          seek(event);
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) seek(event);
        }}
      >
        {beats.map((beat) => (
          <i key={`beat-${String(beat)}`} className="beat" style={at(beat)} />
        ))}
        {marks.map((mark) => (
          <span key={mark} className="mark" style={at(mark)}>
            {mark}
          </span>
        ))}
      </div>
    </div>
  );
}

function RowOf({ row }: { readonly row: Row }) {
  const say = useSay();
  const language = usePreferences((state) => state.language);
  const isSelected = useViews((state) => state.nodes.has(row.node));
  const Icon = ICONS[row.kind];
  const label = row.label === "" ? say("timeline.camera") : row.label.replaceAll("_", " ");
  return (
    <div className={`timeline-row is-${row.kind}`}>
      <span className="timeline-label" title={label}>
        <Icon size={14} aria-hidden="true" />
        {label}
      </span>
      <div className="timeline-track">
        {row.bars.map((bar) => (
          <button
            key={`${bar.label}-${String(bar.start)}`}
            type="button"
            className={`bar${row.kind === "sound" && !row.isHeard ? " is-within" : ""}`}
            style={at(bar.start, bar.end)}
            aria-pressed={isSelected}
            aria-label={say("timeline.bar", { label: bar.label === "" ? label : bar.label, start: tenthsText(language, bar.start), end: tenthsText(language, bar.end), node: row.node })}
            data-testid={`bar:${row.node}`}
            onClick={() => select({ nodes: new Set([row.node]) })}
          >
            {bar.label === row.node ? "" : bar.label}
          </button>
        ))}
        {row.marks.map((mark) => (
          <i key={mark} className="tick" style={at(mark)} />
        ))}
      </div>
    </div>
  );
}

function Playhead({ seconds }: { readonly seconds: number }) {
  const head = useRef<HTMLDivElement>(null);
  const show = useCallback(
    (now: number) => {
      if (head.current !== null) head.current.style.left = `${((100 * now) / seconds).toFixed(3)}%`;
    },
    [seconds],
  );
  useMoment(sceneClock, show);
  return (
    <div className="playhead-track">
      <div ref={head} className="playhead" />
    </div>
  );
}
