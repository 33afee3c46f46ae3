/** The sounds of a scene: decoded, and started on the clock of the sound card. */

import type { TimeSource, Track } from "./clock.ts";
import { readings } from "./readings.ts";

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

export function trackOf(buffer: AudioBuffer): Track {
  let playing: AudioBufferSourceNode | null = null;
  return {
    start: (source, at, from) => {
      const output = audioContext();
      if (output === null || source !== output || from >= buffer.duration) return;
      playing = output.createBufferSource();
      playing.buffer = buffer;
      playing.connect(output.destination);
      playing.start(at, from);
      readings.begun = at;
      readings.from = from;
    },
    stop: () => {
      playing?.stop();
      playing?.disconnect();
      playing = null;
    },
  };
}
