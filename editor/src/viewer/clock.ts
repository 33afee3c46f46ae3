/** The clock of a scene: sound and movement follow it, and where there is sound, it is the sound's own. */

import { readings } from "./readings.ts";

/** What tells time: an AudioContext where there is one. Seconds, growing. */
export interface TimeSource {
  readonly currentTime: number;
}

/** A sound that is started at a moment of the time source, from a place within itself. */
export interface Track {
  readonly start: (source: TimeSource, at: number, from: number) => void;
  readonly stop: () => void;
}

/** Seconds between the press and the beginning, so that all sounds begin together. */
export const LEAD = 0.05;

type Listener = () => void;

export class SceneClock {
  seconds = 0;
  isLooping = true;
  private source: TimeSource | null = null;
  private tracks: readonly Track[] = [];
  /** The moment of the time source at which the scene's was `from`; null while it rests. */
  private began: number | null = null;
  private from = 0;
  private readonly listeners = new Set<Listener>();

  get isGoing(): boolean {
    return this.began !== null;
  }

  /** Seconds from the scene's beginning. */
  now(): number {
    if (this.began === null || this.source === null) return this.from;
    const passed = this.from + Math.max(0, this.source.currentTime - this.began);
    if (passed < this.seconds || this.seconds === 0) return passed;
    return this.isLooping ? passed % this.seconds : this.seconds;
  }

  /** Another scene: from its beginning, at rest. */
  of(seconds: number, tracks: readonly Track[]): void {
    this.pause();
    this.seconds = seconds;
    this.tracks = tracks;
    this.from = Math.min(this.from, seconds);
    this.tell();
  }

  play(source: TimeSource): void {
    if (this.began !== null) return;
    this.source = source;
    if (!this.isLooping && this.from >= this.seconds) this.from = 0;
    this.begin();
    this.tell();
  }

  pause(): void {
    if (this.began === null) return;
    this.from = this.now();
    this.began = null;
    for (const track of this.tracks) track.stop();
    this.tell();
  }

  seek(seconds: number): void {
    const next = Math.min(Math.max(0, seconds), this.seconds);
    const isGoing = this.began !== null;
    if (isGoing) for (const track of this.tracks) track.stop();
    this.from = next;
    this.began = null;
    if (isGoing) this.begin();
    this.tell();
  }

  /** Look whether the end was reached: a loop begins anew with its sounds, else it rests there. */
  turn(): void {
    if (this.began === null || this.source === null || this.seconds === 0) return;
    const passed = this.from + this.source.currentTime - this.began;
    if (passed < this.seconds) return;
    if (this.isLooping) this.seek(passed % this.seconds);
    else this.pause();
  }

  loop(isLooping: boolean): void {
    this.from = this.now();
    if (this.began !== null && this.source !== null) this.began = this.source.currentTime;
    this.isLooping = isLooping;
    this.tell();
  }

  /** A view shows a moment: kept for tests, with what the source reads then. */
  posed(seconds: number): void {
    readings.posed = seconds;
    readings.posedAt = this.source?.currentTime ?? 0;
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private begin(): void {
    if (this.source === null) return;
    this.began = this.source.currentTime + LEAD;
    for (const track of this.tracks) track.start(this.source, this.began, this.from);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
