/** What the tabs of one browser tell each other: which saved graphs they have open, and that one was saved. */

import * as v from "valibot";

import { freshId } from "../core/ids.ts";
import { setTab, tabs } from "./tabs.ts";

const TOLD = v.variant("kind", [
  v.object({ kind: v.literal("open"), page: v.string(), names: v.array(v.string()), isAsking: v.boolean() }),
  v.object({ kind: v.literal("saved"), page: v.string(), name: v.string(), version: v.number() }),
]);
type Told = v.InferOutput<typeof TOLD>;

const page = freshId();
const channel = "BroadcastChannel" in window ? new BroadcastChannel("diorama") : null;
/** The saved graphs that other tabs have open. */
const others = new Map<string, ReadonlySet<string>>();

function tell(told: Told): void {
  channel?.postMessage(told);
}

function mine(): readonly string[] {
  return tabs.getState().open.flatMap((tab) => (tab.saved === null ? [] : [tab.saved.name]));
}

/** Say that a version was saved, so that others know that theirs is older. */
export function tellSaved(name: string, version: number): void {
  tell({ kind: "saved", page, name, version });
}

function mark(): void {
  const elsewhere = new Set([...others.values()].flatMap((names) => [...names]));
  for (const tab of tabs.getState().open) {
    const isElsewhere = tab.saved !== null && elsewhere.has(tab.saved.name);
    if (isElsewhere !== tab.isElsewhere) setTab(tab.id, { isElsewhere });
  }
}

function hear(told: Told): void {
  if (told.kind === "open") {
    if (told.names.length > 0) others.set(told.page, new Set(told.names));
    else others.delete(told.page);
    if (told.isAsking) tell({ kind: "open", page, names: [...mine()], isAsking: false });
    mark();
    return;
  }
  for (const { id, saved } of tabs.getState().open) {
    if (saved?.name === told.name && told.version > saved.version) setTab(id, { newer: told.version });
  }
}

/** Tell what is open here from now on, and hear what is open elsewhere. */
export function followOthers(): void {
  if (channel === null) return;
  channel.onmessage = (message: MessageEvent<unknown>) => {
    const read = v.safeParse(TOLD, message.data);
    if (read.success) hear(read.output);
  };
  let last = mine().join("\n");
  tell({ kind: "open", page, names: [...mine()], isAsking: true });
  tabs.subscribe(() => {
    const now = mine();
    if (now.join("\n") === last) return;
    last = now.join("\n");
    tell({ kind: "open", page, names: [...now], isAsking: false });
    mark();
  });
  window.addEventListener("pagehide", () => tell({ kind: "open", page, names: [], isAsking: false }));
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) tell({ kind: "open", page, names: [...mine()], isAsking: true });
  });
}
