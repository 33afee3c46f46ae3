/** What a node shows of itself: its state as glyph, word and border, and what there is to say. */

import type { Hindsight } from "../api/generated.ts";
import { useDocuments, faultsIn, staleIn } from "../state/documents.ts";
import { useSay, useSayThat } from "../state/preferences.ts";
import { useRecord } from "../state/record.ts";
import { useRunning } from "../state/running.ts";
import { type NodeState, useStatusOf } from "../state/runs.ts";
import { reasonIn } from "../words/reasons.ts";
import type { Say } from "../words/say.ts";

export type Shown = NodeState | "stale" | "bypassed" | "missing" | "fault" | "open";

export interface NodeLook {
  readonly state: Shown;
  /** The state in words. */
  readonly word: string;
  /** One line more: why, or what is missing. */
  readonly line: string;
  readonly seconds: number | null;
}

/** Signs of a run's name that tell it from others. */
const SHORT = 6;

/** The port that a pointer names. */
function portIn(at: string): string {
  return at.slice(at.lastIndexOf("/") + 1);
}

/** Why a node ran in the run that is over, or which made what it gave; empty where that is not known. */
function whyText(say: Say, state: NodeState, why: Hindsight | undefined): string {
  if (why?.ran === true && state === "done") return say("why.line", { reason: reasonIn(say, why.reason) });
  return why?.ran === false && state === "cached" ? say("why.cachedLine", { run: why.made_by.slice(0, SHORT) }) : "";
}

export function useNodeLook(name: string): NodeLook {
  const say = useSay();
  const sayThat = useSayThat();
  const state = useStatusOf(name, (status) => status.state);
  const seconds = useStatusOf(name, (status) => status.seconds);
  // How far it is changes many times a second: only the line and the words that tell it are drawn anew.
  const told = useStatusOf(name, (status) => status.error || (status.state === "running" ? "" : status.message));
  const isBypassed = useDocuments((now) => now.history.now.graph.nodes.get(name)?.isBypassed === true);
  const fault = useDocuments((now) => faultsIn(now).get(name)?.[0]);
  const refused = useRunning((now) => now.faults.get(name));
  const stale = useDocuments((now) => staleIn(now).get(name));
  const why = useRecord((now) => now.reasons.get(name));
  const base = { seconds };
  if (isBypassed) return { ...base, state: "bypassed", word: say("state.bypassed"), line: "" };
  if (fault?.code === "G101") return { ...base, state: "missing", word: say("state.missing"), line: sayThat(fault.said) };
  // What is not given yet is no mistake: a node that was just added has inputs to be wired.
  if (fault?.code === "G103") return { ...base, state: "open", word: say("state.open"), line: say("open.needs", { port: portIn(fault.at) }) };
  if (fault !== undefined) return { ...base, state: "fault", word: say("state.fault"), line: sayThat(fault.said) };
  if (refused !== undefined) return { ...base, state: "fault", word: say("state.fault"), line: refused };
  if (stale !== undefined && state !== "running" && state !== "queued") {
    const line = stale.cause !== name ? say("stale.above", { node: stale.cause }) : stale.port === null ? say("stale.new") : say("stale.port", { port: stale.port });
    return { ...base, state: "stale", word: say("state.stale"), line };
  }
  const line = state === "blocked" ? say("blocked.by", { node: told }) : told || whyText(say, state, why);
  return { ...base, state, word: say(`state.${state}`), line };
}
