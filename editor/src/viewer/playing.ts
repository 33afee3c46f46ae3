/** The sound that is heard: one at a time, and on while its node is out of sight. */

import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";

import { contentOf } from "../api/runs.ts";

interface Playing {
  readonly digest: string | null;
  readonly isPlaying: boolean;
  /** From 0 to 1. */
  readonly fraction: number;
}

const REST: Playing = { digest: null, isPlaying: false, fraction: 0 };
const playing = createStore<Playing>(() => REST);
let element: HTMLAudioElement | null = null;

export function usePlaying<T>(select: (state: Playing) => T): T {
  return useStore(playing, select);
}

/** Play a sound from its beginning, or go on where it was stopped; stop it where it is heard. */
export function togglePlaying(digest: string): void {
  element ??= made();
  const now = playing.getState();
  if (now.digest === digest && now.isPlaying) {
    element.pause();
    return;
  }
  if (now.digest !== digest) {
    element.src = contentOf(digest);
    playing.setState({ ...REST, digest });
  }
  void element.play().catch(() => playing.setState(REST));
}

/** Be silent, as before something else is heard. */
export function stopPlaying(): void {
  element?.pause();
}

export function seekPlaying(fraction: number): void {
  if (element !== null && Number.isFinite(element.duration)) element.currentTime = fraction * element.duration;
}

function made(): HTMLAudioElement {
  const audio = new Audio();
  audio.addEventListener("play", () => playing.setState({ isPlaying: true }));
  audio.addEventListener("pause", () => playing.setState({ isPlaying: false }));
  audio.addEventListener("ended", () => playing.setState({ isPlaying: false, fraction: 0 }));
  audio.addEventListener("timeupdate", () => {
    if (audio.duration > 0) playing.setState({ fraction: audio.currentTime / audio.duration });
  });
  return audio;
}
