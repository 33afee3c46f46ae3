/** The foot of a node: its state in words, and how long it took or will take. */

import { memo } from "react";

import type { NodeType } from "../core/catalogue.ts";
import { useSay } from "../state/preferences.ts";
import type { NodeLook } from "./nodeLook.ts";

export const NodeFooter = memo(function NodeFooter({ type, look }: { readonly type: NodeType; readonly look: NodeLook }) {
  const say = useSay();
  const isExpected = look.seconds === null;
  const seconds = look.seconds ?? type.seconds;
  const words = look.state === "idle" ? "" : look.state === "running" ? `${say("percent", { value: Math.round(look.fraction * 100) })} ${look.line}` : look.line || look.word;
  return (
    <footer className="foot">
      <span className="said" title={words}>
        {words}
      </span>
      {seconds >= 0.05 && look.state !== "missing" && <span className="time">{say(isExpected ? "time.about" : "time.took", { seconds: secondsText(seconds) })}</span>}
    </footer>
  );
});

/** Seconds as they are read: 0.3, 4.2, 12, 1:05. */
export function secondsText(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${String(Math.round(seconds))} s`;
  const whole = Math.round(seconds);
  return `${String(Math.floor(whole / 60))}:${String(whole % 60).padStart(2, "0")}`;
}
