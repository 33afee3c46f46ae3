/** What a node shows of itself: its state as glyph, word and border, and what there is to say. */

import { useDocuments, faultsIn, staleIn } from "../state/documents.ts";
import { useSay, useSayThat } from "../state/preferences.ts";
import { useRunning } from "../state/running.ts";
import { type NodeState, useStatus } from "../state/runs.ts";

export type Shown = NodeState | "stale" | "bypassed" | "missing" | "fault" | "open";

export interface NodeLook {
  readonly state: Shown;
  /** The state in words. */
  readonly word: string;
  /** One line more: why, or what is missing. */
  readonly line: string;
  readonly fraction: number;
  readonly seconds: number | null;
  readonly preview: string | null;
}

/** The port that a pointer names. */
function portIn(at: string): string {
  return at.slice(at.lastIndexOf("/") + 1);
}

export function useNodeLook(name: string): NodeLook {
  const say = useSay();
  const sayThat = useSayThat();
  const status = useStatus(name);
  const isBypassed = useDocuments((state) => state.history.now.graph.nodes.get(name)?.isBypassed === true);
  const fault = useDocuments((state) => faultsIn(state).get(name)?.[0]);
  const refused = useRunning((state) => state.faults.get(name));
  const stale = useDocuments((state) => staleIn(state).get(name));
  const base = { fraction: status.fraction, seconds: status.seconds, preview: status.preview };
  if (isBypassed) return { ...base, state: "bypassed", word: say("state.bypassed"), line: "" };
  if (fault?.code === "G101") return { ...base, state: "missing", word: say("state.missing"), line: sayThat(fault.said) };
  // What is not given yet is no mistake: a node that was just added has inputs to be wired.
  if (fault?.code === "G103") return { ...base, state: "open", word: say("state.open"), line: say("open.needs", { port: portIn(fault.at) }) };
  if (fault !== undefined) return { ...base, state: "fault", word: say("state.fault"), line: sayThat(fault.said) };
  if (refused !== undefined) return { ...base, state: "fault", word: say("state.fault"), line: refused };
  if (stale !== undefined && status.state !== "running" && status.state !== "queued") {
    const line = stale.cause !== name ? say("stale.above", { node: stale.cause }) : stale.port === null ? say("stale.new") : say("stale.port", { port: stale.port });
    return { ...base, state: "stale", word: say("state.stale"), line };
  }
  const line = status.state === "blocked" ? say("blocked.by", { node: status.message }) : status.error || status.message;
  return { ...base, state: status.state, word: say(`state.${status.state}`), line };
}
