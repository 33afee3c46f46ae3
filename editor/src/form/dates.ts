/** Moments as they are read. */

import { preferences } from "../state/preferences.ts";

/** A moment in seconds since the epoch: today's by its time, others with their day. */
export function dateText(seconds: number): string {
  const moment = new Date(seconds * 1000);
  const isToday = moment.toDateString() === new Date().toDateString();
  const { language } = preferences.getState();
  const locale = navigator.languages.find((one) => one.startsWith(language)) ?? language;
  return moment.toLocaleString(locale, isToday ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}
