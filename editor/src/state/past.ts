/** A past run on the canvas, as it was: its graph with the values it ran with, its states and previews; nothing of it is edited. */

import type { Run } from "../api/generated.ts";
import { fetchRuns } from "../api/queue.ts";
import { fetchRun, fetchRunGraph } from "../api/runs.ts";
import { readDraft } from "../core/draft.ts";
import { placedAs, withValues } from "../core/pastRun.ts";
import { draftNow } from "./documents.ts";
import { compareRuns } from "./history.ts";
import { showRun } from "./running.ts";
import { openDraft, switchTo } from "./switching.ts";
import { editedIn, rootTab, tabs } from "./tabs.ts";
import { toast } from "./views.ts";

/** Open a run as it was, or go to where it is open. Tells whether there is such a run. */
export async function openPast(id: string): Promise<boolean> {
  const there = tabs.getState().open.find((tab) => tab.past?.id === id && !tab.isInner);
  if (there !== undefined) {
    switchTo(there.id);
    return true;
  }
  const [run, text] = await Promise.all([fetchRun(id), fetchRunGraph(id)]);
  if (!run.isOk || !text.isOk) {
    toast(run.isOk ? (text.isOk ? { key: "past.unreadable", values: {} } : text.said) : run.said);
    return false;
  }
  const read = readDraft(text.value);
  if (!read.isOk) {
    toast({ key: "past.unreadable", values: {} });
    return false;
  }
  // The graph of a run says nothing of where its nodes stand: they stand as in the graph that is open, where they are the same.
  const draft = placedAs({ ...read.value, graph: withValues(read.value.graph, run.value.parameters) }, draftNow());
  await openDraft(draft, null, run.value);
  showRun(id);
  return true;
}

/** Where a page remembers over a reload that it shows a past run. */
const PLACE = "diorama.past";

/** Open the past run that was looked at before a reload, where that is wanted, and remember from now on which is. */
export async function reopenPast(isWanted: boolean): Promise<void> {
  const before = isWanted ? sessionStorage.getItem(PLACE) : null;
  tabs.subscribe(() => {
    const { past } = rootTab();
    if (past === null) sessionStorage.removeItem(PLACE);
    else sessionStorage.setItem(PLACE, past.id);
  });
  if (before !== null) await openPast(before);
}

/** Go on from a past run: its graph in a tab of its own, to be edited. What it gave is still in the cache, and shown. */
export async function forkPast(): Promise<void> {
  const root = rootTab();
  const { past } = root;
  if (past === null) return;
  await openDraft((editedIn(root.id) ?? root).history.now);
  showRun(past.id);
}

/** Compare a past run with the latest other run of a graph with its title. */
export async function compareWithLatest(past: Run): Promise<void> {
  const reply = await fetchRuns({ title: past.title, limit: 5 });
  if (!reply.isOk) {
    toast(reply.said);
    return;
  }
  const latest = reply.value.items.find((run) => run.id !== past.id);
  if (latest === undefined) toast({ key: "past.noOther", values: {} });
  else if (latest.created < past.created) compareRuns(latest, past);
  else compareRuns(past, latest);
}
