/** The foot of a node: its state in words, how many things it gave, what memory of the device it takes, how long it took or will take. */

import { memo } from "react";

import type { NodeType } from "../core/catalogue.ts";
import { usePreferences, useSay } from "../state/preferences.ts";
import { useStatusOf } from "../state/runs.ts";
import { secondsText } from "../words/when.ts";
import type { NodeLook } from "./nodeLook.ts";

interface Foot {
  readonly name: string;
  readonly type: NodeType;
  readonly look: NodeLook;
}

export const NodeFooter = memo(function NodeFooter({ name, type, look }: Foot) {
  const say = useSay();
  const language = usePreferences((state) => state.language);
  const isOver = look.state === "done" || look.state === "cached";
  const seconds = look.seconds ?? (isOver ? 0 : type.seconds);
  const made = useStatusOf(name, (status) => status.made);
  const words = look.state === "idle" ? "" : look.line || look.word;
  return (
    <footer className="foot">
      {look.state === "running" ? (
        <Progress name={name} />
      ) : (
        <span className="said" title={words}>
          {words}
        </span>
      )}
      {made > 1 && <span className="time">{say("made.count", { count: made })}</span>}
      {type.vramGib > 0 && look.state !== "missing" && <span className="time">{say("gib", { gib: Math.round(type.vramGib * 10) / 10 })}</span>}
      {seconds >= 0.05 && look.state !== "missing" && <span className="time">{say(isOver ? "time.took" : "time.about", { seconds: secondsText(language, seconds) })}</span>}
    </footer>
  );
});

function Progress({ name }: { readonly name: string }) {
  const say = useSay();
  const percent = useStatusOf(name, (status) => Math.round(status.fraction * 100));
  const message = useStatusOf(name, (status) => status.message);
  const words = `${say("percent", { value: percent })} ${message}`;
  return (
    <span className="said" title={words}>
      {words}
    </span>
  );
}
