/** Play, pause, where it is, and whether it begins anew. */

import { Headphones, Pause, Play, Repeat, Volume2, VolumeX } from "lucide-react";
import { type KeyboardEvent, useCallback, useRef } from "react";

import { usePreferences, useSay } from "../state/preferences.ts";
import { tenthsText } from "../words/when.ts";
import type { SceneClock } from "./clock.ts";
import { type Played, SCENE, setPlaced, setSilent, useIsGoing, useIsLooping, useIsPlaced, useIsSilent, useMoment } from "./playback.ts";

/** Seconds by which a key moves. */
const STEP = 0.1;
const LEAP = 1;

interface Given {
  readonly seconds: number;
  readonly hasSound: boolean;
  /** Whether its sounds have places that they may be heard from. */
  readonly hasPlaces?: boolean;
  /** What it plays, if not the scene. */
  readonly played?: Played;
}

export function Transport({ seconds, hasSound, hasPlaces = false, played = SCENE }: Given) {
  const say = useSay();
  const { clock, toggle } = played;
  const isGoing = useIsGoing(clock);
  const isLooping = useIsLooping(clock);
  const isSilent = useIsSilent();
  const isPlaced = useIsPlaced();
  const words = say(isGoing ? "preview.pause" : "preview.play");
  return (
    <div className="transport" role="group" aria-label={say("transport")} onKeyDown={(event) => onTransportKey(event, played)}>
      <button type="button" className="tool" aria-label={words} title={`${words} (${say("transport.space")})`} data-testid="transport-play" onClick={toggle}>
        {isGoing ? <Pause size={16} fill="currentColor" aria-hidden="true" /> : <Play size={16} fill="currentColor" aria-hidden="true" />}
      </button>
      <Moment seconds={seconds} clock={clock} />
      <button type="button" className="tool" aria-label={say("transport.loop")} title={say("transport.loop")} aria-pressed={isLooping} data-testid="transport-loop" onClick={() => clock.loop(!isLooping)}>
        <Repeat size={16} aria-hidden="true" />
      </button>
      {hasSound && hasPlaces && (
        <button type="button" className="tool" aria-label={say("transport.placed")} title={say("transport.placed")} aria-pressed={isPlaced} data-testid="transport-placed" onClick={() => setPlaced(!isPlaced)}>
          <Headphones size={16} aria-hidden="true" />
        </button>
      )}
      {hasSound && (
        <button type="button" className="tool" aria-label={say("transport.silent")} title={say("transport.silent")} aria-pressed={isSilent} onClick={() => setSilent(!isSilent)}>
          {isSilent ? <VolumeX size={16} aria-hidden="true" /> : <Volume2 size={16} aria-hidden="true" />}
        </button>
      )}
    </div>
  );
}

function Moment({ seconds, clock }: { readonly seconds: number; readonly clock: SceneClock }) {
  const say = useSay();
  const language = usePreferences((state) => state.language);
  const slider = useRef<HTMLInputElement>(null);
  const text = useRef<HTMLOutputElement>(null);
  const show = useCallback(
    (now: number) => {
      if (slider.current !== null) slider.current.value = String(now);
      if (text.current !== null) text.current.value = `${tenthsText(language, now)} / ${tenthsText(language, seconds)} s`;
    },
    [language, seconds],
  );
  useMoment(clock, show);
  return (
    <>
      <input ref={slider} type="range" min={0} max={seconds} step="any" defaultValue={0} aria-label={say("transport.moment")} data-testid="transport-moment" onInput={(event) => clock.seek(Number(event.currentTarget.value))} />
      <output ref={text} className="moment" data-testid="moment" />
    </>
  );
}

/** Keys of a player: space plays and pauses, arrows go a little, with shift further, Home and End to the ends. */
export function onTransportKey(event: KeyboardEvent, { clock, toggle }: Played = SCENE): void {
  const now = clock.now();
  const by = event.shiftKey ? LEAP : STEP;
  const next = { ArrowLeft: now - by, ArrowDown: now - by, ArrowRight: now + by, ArrowUp: now + by, Home: 0, End: clock.seconds }[event.key];
  const isButton = event.target instanceof HTMLButtonElement;
  if (next !== undefined) clock.seek(next);
  else if (event.key === " " && !isButton) toggle();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
