/** Moments and spans of time as they are read. */

import { type Language, withSign } from "./say.ts";

const LOCALES = { en: "en-GB", de: "de-DE" } as const satisfies Record<Language, string>;
const DAY = 86_400_000;

/** A moment, in seconds since the epoch: the time of one that is near, the date as well of one that is longer ago or yet to come. */
export function momentText(language: Language, seconds: number, now = Date.now()): string {
  const date = new Date(seconds * 1000);
  const isNear = Math.abs(now - date.getTime()) < DAY / 2;
  return new Intl.DateTimeFormat(LOCALES[language], isNear ? { hour: "2-digit", minute: "2-digit", second: "2-digit" } : { dateStyle: "medium", timeStyle: "short" }).format(date);
}

/** A number with one digit after the sign that a language puts there. */
export function tenthsText(language: Language, number: number): string {
  return withSign(language, number.toFixed(1));
}

/** Seconds as they are read: 0.3 s, 4.2 s, 12 s, 1:05. */
export function secondsText(language: Language, seconds: number): string {
  if (seconds < 10) return `${tenthsText(language, seconds)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${String(whole)} s` : `${String(Math.floor(whole / 60))}:${String(whole % 60).padStart(2, "0")}`;
}

/** A number of bytes. */
export function bytesText(language: Language, bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB"] as const;
  const step = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const number = new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: step === 0 ? 0 : 1 }).format(bytes / 1024 ** step);
  return `${number} ${units[step] ?? "B"}`;
}

const STEPS = [
  { unit: "minute", seconds: 60, most: 3600 },
  { unit: "hour", seconds: 3600, most: 86_400 },
  { unit: "day", seconds: 86_400, most: 7 * 86_400 },
] as const;

/** How long ago a moment was, in seconds since the epoch; the date of one that is longer ago. */
export function agoText(language: Language, seconds: number, now = Date.now()): string {
  const ago = now / 1000 - seconds;
  const step = STEPS.find(({ most }) => ago < most);
  if (step === undefined) return momentText(language, seconds, now);
  return new Intl.RelativeTimeFormat(LOCALES[language], { numeric: "auto" }).format(-Math.floor(Math.max(0, ago) / step.seconds), step.unit);
}
