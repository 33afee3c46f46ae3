/** The sounds of a scene: decoded, and started on the clock of the sound card. */

import type { TimeSource, Track } from "./clock.ts";
import { readings } from "./readings.ts";
import { type Ear, hearFrom, pannerIn, type Place, placeAt } from "./space.ts";

/** The clock where nothing is heard, or nothing can be. */
export const SILENCE: TimeSource = {
  get currentTime() {
    return performance.now() / 1000;
  },
};

let context: AudioContext | null = null;

/** The page's only sound output; made at a press, since browsers let pages be heard only after one. */
export function audioContext(): AudioContext | null {
  if (context === null) {
    try {
      context = new AudioContext();
    } catch {
      return null;
    }
  }
  return context;
}

/** The clock that a scene goes by: that of the sound where there is any. */
export async function timeSource(isHeard: boolean): Promise<TimeSource> {
  const found = isHeard ? audioContext() : null;
  if (found === null) return SILENCE;
  try {
    await found.resume();
  } catch {
    return SILENCE;
  }
  return found.state === "running" ? found : SILENCE;
}

const decoded = new Map<string, Promise<AudioBuffer | null>>();

/** A sound ready to be played; null where its bytes are none. */
export function decode(key: string, fetch: () => Promise<ArrayBuffer>): Promise<AudioBuffer | null> {
  const known = decoded.get(key) ?? fetch().then((bytes) => audioContext()?.decodeAudioData(bytes) ?? null).catch(() => null);
  decoded.set(key, known);
  return known;
}

/** Panners of the sounds that are played, by the number of the figure that each is heard from. */
const panners = new Map<number, PannerNode>();

/** Move the sounds of figures to where these are, and hear them from somewhere. */
export function setSpace(ear: Ear, places: readonly Place[]): void {
  if (context === null || panners.size === 0) return;
  hearFrom(context.listener, ear);
  for (const [actor, panner] of panners) {
    const place = places[actor];
    if (place !== undefined) placeAt(panner, place);
  }
  readings.placed = [...panners].map(([actor, panner]) => [actor, panner.positionX.value, panner.positionZ.value]);
}

/** A sound as a track: turned up by decibels, and heard from a figure where it belongs to one. */
export function trackOf(buffer: AudioBuffer, level = 0, actor: number | null = null): Track {
  let playing: AudioBufferSourceNode | null = null;
  let output: AudioNode | null = null;
  return {
    start: (source, at, from) => {
      const heard = audioContext();
      if (heard === null || source !== heard || from >= buffer.duration) return;
      playing = heard.createBufferSource();
      playing.buffer = buffer;
      // What has a place is one sound from there, not the left and right of a mix.
      output = actor === null ? gainOf(heard, level) : placed(heard, level, actor);
      playing.connect(output);
      playing.start(at, from);
      readings.begun = at;
      readings.from = from;
    },
    stop: () => {
      playing?.stop();
      playing?.disconnect();
      output?.disconnect();
      if (actor !== null) panners.delete(actor);
      playing = null;
    },
  };
}

function gainOf(heard: AudioContext, level: number): GainNode {
  const gain = new GainNode(heard, { gain: 10 ** (level / 20) });
  gain.connect(heard.destination);
  return gain;
}

function placed(heard: AudioContext, level: number, actor: number): GainNode {
  const gain = new GainNode(heard, { gain: 10 ** (level / 20), channelCount: 1, channelCountMode: "explicit" });
  const panner = pannerIn(heard);
  panners.set(actor, panner);
  gain.connect(panner).connect(heard.destination);
  return gain;
}
