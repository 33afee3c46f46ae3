/** Plays the scene that is open: its sounds are made ready, and the clock goes. */

import { useCallback, useEffect, useSyncExternalStore } from "react";

import { SceneClock, type Track } from "./clock.ts";
import { sceneClock } from "./clockStore.ts";
import { stopPlaying } from "./playing.ts";
import { decode, SILENCE, timeSource, trackOf } from "./sounds.ts";
import { bytesOf } from "./source.ts";
import type { Stem } from "./stems.ts";
import type { Timeline } from "./timeline.ts";

const NONE: Timeline = { seconds: 0, rows: [], beats: [], stems: [] };
let timeline = NONE;
let isSilent = false;
let isPlaced = false;
const listeners = new Set<() => void>();

/** What is to be played. What is playing goes on where its sounds are the same. */
export function prepare(next: Timeline): void {
  const isSame = next.seconds === timeline.seconds && heardIn(next).join() === heardIn(timeline).join() && digestsOf(next).join() === digestsOf(timeline).join();
  timeline = next;
  if (!isSame) sceneClock.of(next.seconds, []);
}

/** The digests of the sounds that are played. */
export function heardIn({ rows }: Timeline): readonly string[] {
  return rows.flatMap(({ isHeard, digest }) => (isHeard && digest !== null ? [digest] : []));
}

/** The stems' digests. */
function digestsOf({ stems }: Timeline): readonly string[] {
  return stems.map(({ digest }) => digest);
}

/** Whether any sound of a timeline has a place in its scene. */
export function hasPlaces({ stems }: Timeline): boolean {
  return stems.some(({ actor }) => actor !== null);
}

/** The tracks that are heard: the mix, or what it was made of, each where it is. */
async function tracksOf(now: Timeline): Promise<readonly Track[]> {
  if (isSilent) return [];
  const wanted: readonly Stem[] = isPlaced && hasPlaces(now) ? now.stems : heardIn(now).map((digest) => ({ digest, level: 0, actor: null }));
  const buffers = await Promise.all(wanted.map(({ digest }) => decode(digest, () => bytesOf(digest))));
  return wanted.flatMap(({ level, actor }, at) => {
    const buffer = buffers[at];
    return buffer == null ? [] : [trackOf(buffer, level, actor)];
  });
}

/** Play, or pause what plays. */
export async function togglePlayback(): Promise<void> {
  if (sceneClock.isGoing) {
    sceneClock.pause();
    return;
  }
  stopPlaying();
  // The clock is asked for within the press: a browser lets a page be heard for that alone.
  const source = timeSource(!isSilent && heardIn(timeline).length > 0);
  sceneClock.of(timeline.seconds, await tracksOf(timeline));
  sceneClock.play(await source);
  requestAnimationFrame(() => turn());
}

function turn(clock = sceneClock): void {
  clock.turn();
  if (clock.isGoing) requestAnimationFrame(() => turn(clock));
}

/** Something that is played: its clock, and what a press on play does. */
export interface Played {
  readonly clock: SceneClock;
  readonly toggle: () => void;
}

/** The scene with its sounds. */
export const SCENE: Played = { clock: sceneClock, toggle: () => void togglePlayback() };

/** Something that moves by itself, without a sound. */
export function playedAlone(seconds: number): Played {
  const clock = new SceneClock();
  clock.of(seconds, []);
  const toggle = () => {
    if (clock.isGoing) clock.pause();
    else {
      clock.play(SILENCE);
      requestAnimationFrame(() => turn(clock));
    }
  };
  return { clock, toggle };
}

export function setSilent(next: boolean): void {
  change(() => (isSilent = next));
}

/** Hear each sound from where it is, or the mix. */
export function setPlaced(next: boolean): void {
  change(() => (isPlaced = next));
}

/** Change what is heard; what plays goes on. */
function change(what: () => void): void {
  const isGoing = sceneClock.isGoing;
  sceneClock.pause();
  what();
  for (const listener of listeners) listener();
  if (isGoing) void togglePlayback();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether it plays. */
export function useIsGoing(clock: SceneClock): boolean {
  return useSyncExternalStore(useHearing(clock), () => clock.isGoing);
}

export function useIsLooping(clock: SceneClock): boolean {
  return useSyncExternalStore(useHearing(clock), () => clock.isLooping);
}

function useHearing(clock: SceneClock): (listener: () => void) => () => void {
  return useCallback((listener) => clock.subscribe(listener), [clock]);
}

export function useIsSilent(): boolean {
  return useSyncExternalStore(subscribe, () => isSilent);
}

export function useIsPlaced(): boolean {
  return useSyncExternalStore(subscribe, () => isPlaced);
}

/** Call something with the moment of the clock: at once, at each press, and at each frame while it goes. */
export function useMoment(clock: SceneClock, show: (seconds: number) => void): void {
  useEffect(() => {
    let frame = 0;
    const step = () => {
      show(clock.now());
      frame = clock.isGoing ? requestAnimationFrame(step) : 0;
    };
    step();
    const leave = clock.subscribe(() => {
      cancelAnimationFrame(frame);
      step();
    });
    return () => {
      leave();
      cancelAnimationFrame(frame);
    };
  }, [clock, show]);
}
