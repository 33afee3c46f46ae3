/** Plays the scene that is open: its sounds are made ready, and the clock goes. */

import { useEffect, useSyncExternalStore } from "react";

import { sceneClock } from "./clockStore.ts";
import { stopPlaying } from "./playing.ts";
import { decode, timeSource, trackOf } from "./sounds.ts";
import { bytesOf } from "./source.ts";
import type { Timeline } from "./timeline.ts";

const NONE: Timeline = { seconds: 0, rows: [], beats: [] };
let timeline = NONE;
let isSilent = false;
const listeners = new Set<() => void>();

/** What is to be played. What is playing goes on where its sounds are the same. */
export function prepare(next: Timeline): void {
  const isSame = next.seconds === timeline.seconds && heardIn(next).join() === heardIn(timeline).join();
  timeline = next;
  if (!isSame) sceneClock.of(next.seconds, []);
}

/** The digests of the sounds that are played. */
export function heardIn({ rows }: Timeline): readonly string[] {
  return rows.flatMap(({ isHeard, digest }) => (isHeard && digest !== null ? [digest] : []));
}

/** Play, or pause what plays. */
export async function togglePlayback(): Promise<void> {
  if (sceneClock.isGoing) {
    sceneClock.pause();
    return;
  }
  stopPlaying();
  const digests = isSilent ? [] : heardIn(timeline);
  // The clock is asked for within the press: a browser lets a page be heard for that alone.
  const source = timeSource(digests.length > 0);
  const buffers = await Promise.all(digests.map((digest) => decode(digest, () => bytesOf(digest))));
  sceneClock.of(timeline.seconds, buffers.flatMap((buffer) => (buffer === null ? [] : [trackOf(buffer)])));
  sceneClock.play(await source);
  requestAnimationFrame(turn);
}

function turn(): void {
  sceneClock.turn();
  if (sceneClock.isGoing) requestAnimationFrame(turn);
}

export function setSilent(next: boolean): void {
  const isGoing = sceneClock.isGoing;
  sceneClock.pause();
  isSilent = next;
  for (const listener of listeners) listener();
  if (isGoing) void togglePlayback();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  const leave = sceneClock.subscribe(listener);
  return () => {
    listeners.delete(listener);
    leave();
  };
}

/** Whether it plays. */
export function useIsGoing(): boolean {
  return useSyncExternalStore(subscribe, () => sceneClock.isGoing);
}

export function useIsLooping(): boolean {
  return useSyncExternalStore(subscribe, () => sceneClock.isLooping);
}

export function useIsSilent(): boolean {
  return useSyncExternalStore(subscribe, () => isSilent);
}

/** Call something with the moment of the clock: at once, at each press, and at each frame while it goes. */
export function useMoment(show: (seconds: number) => void): void {
  useEffect(() => {
    let frame = 0;
    const step = () => {
      show(sceneClock.now());
      frame = sceneClock.isGoing ? requestAnimationFrame(step) : 0;
    };
    step();
    const leave = sceneClock.subscribe(() => {
      cancelAnimationFrame(frame);
      step();
    });
    return () => {
      leave();
      cancelAnimationFrame(frame);
    };
  }, [show]);
}
