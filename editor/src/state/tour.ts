/** The introduction: a small graph, three marks, and after the first result what to try. It comes once, and can be left at any time. */

import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";

import { planRun } from "../api/runs.ts";
import { fetchTemplate } from "../api/library.ts";
import type { Graph, Input } from "../core/graph.ts";
import { valued } from "../core/graph.ts";
import { Float, type Json } from "../core/json.ts";
import { targetsOf } from "../core/targets.ts";
import { draftNow, typeOfNow } from "./documents.ts";
import { openText } from "./files.ts";
import { preferences } from "./preferences.ts";
import { running } from "./running.ts";
import { toast } from "./views.ts";

export const MARKS = ["prompt", "run", "scene"] as const;

/** A change that is worth a try, and how much of the graph it makes run again. */
export interface Try {
  /** A node's input, or empty for the prompt. */
  readonly what: string;
  readonly run: number;
  readonly all: number;
}

export interface Tour {
  /** Which mark is shown; null where none is. */
  readonly step: number | null;
  readonly proposed: Try | null;
}

export const tour = createStore<Tour>(() => ({ step: null, proposed: null }));

export function useTour<T>(select: (state: Tour) => T): T {
  return useStore(tour, select);
}

/** A template that takes no models, and a second or two. */
const EXAMPLE = "image_to_mesh";
/** Changes that are planned to find one that leaves much as it is. */
const MOST_PLANS = 6;

export async function beginTour(): Promise<void> {
  const reply = await fetchTemplate(EXAMPLE);
  if (!reply.isOk) {
    toast(reply.said);
    return;
  }
  await openText(reply.value);
  tour.setState({ step: 0, proposed: null });
  proposeAfterResult();
}

export function nextMark(): void {
  const { step } = tour.getState();
  if (step === null || step >= MARKS.length - 1) leaveTour();
  else tour.setState({ step: step + 1 });
}

export function leaveTour(): void {
  preferences.setState({ isShownAround: true });
  tour.setState({ step: null, proposed: null });
}

/** Once a run has ended, find out what a change would cost. */
function proposeAfterResult(): void {
  const stop = running.subscribe((state, before) => {
    if (!before.isGoing || state.isGoing || state.run === null) return;
    stop();
    void proposal(draftNow().graph).then((proposed) => {
      preferences.setState({ isShownAround: true });
      tour.setState({ step: null, proposed });
    });
  });
}

/** The change that makes the fewest nodes run: of the prompt where that leaves something as it is, else of a value further down. */
export async function proposal(graph: Graph): Promise<Try | null> {
  let best: Try | null = null;
  for (const { what, changed } of changesOf(graph).slice(0, MOST_PLANS)) {
    const reply = await planRun(changed, targetsOf(changed, typeOfNow));
    if (!reply.isOk) continue;
    const all = reply.value.steps.length;
    const found = { what, run: reply.value.to_run, all };
    if (found.run === 0) continue;
    if (best === null || found.run < best.run) best = found;
    if (what === "" && found.run < all) break;
  }
  return best;
}

function changesOf(graph: Graph): readonly { readonly what: string; readonly changed: Graph }[] {
  const found: { what: string; changed: Graph }[] = [];
  for (const [name, parameter] of [...graph.parameters].sort(([a], [b]) => Number(b === "prompt") - Number(a === "prompt"))) {
    const other = otherThan(parameter.default, parameter.type);
    if (other === undefined) continue;
    found.push({ what: name === "prompt" ? "" : name, changed: { ...graph, parameters: new Map(graph.parameters).set(name, { ...parameter, default: other }) } });
  }
  for (const [name, node] of graph.nodes) {
    for (const [port, input] of node.inputs) {
      const other = input.kind === "value" ? otherThan(input.value, "") : undefined;
      if (other === undefined) continue;
      const inputs = new Map<string, Input>(node.inputs).set(port, valued(other));
      found.push({ what: `${name}: ${port.replaceAll("_", " ")}`, changed: { ...graph, nodes: new Map(graph.nodes).set(name, { ...node, inputs }) } });
    }
  }
  return found;
}

/** Another value of the same kind; undefined where none can be made up. */
function otherThan(value: Json | undefined, type: string): Json | undefined {
  if (type === "file" || type === "choice" || value === undefined) return undefined;
  if (typeof value === "string") return type === "text" ? `${value}, at dusk` : undefined;
  if (typeof value === "number") return value + 1;
  return value instanceof Float ? new Float(value.value * 0.9) : undefined;
}
