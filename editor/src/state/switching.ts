/** Graphs come onto the canvas and go from it; each keeps its steps of undo, its run and what was in view. */

import type { Run } from "../api/generated.ts";
import type { Draft } from "../core/draft.ts";
import { wholeRect } from "./actions.ts";
import { apart } from "./arranging.ts";
import { dockOf } from "./dock.ts";
import { documents, draftNow, typeOfNow, typesOfGraph } from "./documents.ts";
import { hold, keepTab, lastClosed, letGo, tabOf } from "./keeping.ts";
import { outputBoard } from "./outputs.ts";
import { showRun } from "./running.ts";
import { fetchSavedTypes } from "./saved.ts";
import { stageNow } from "./stage.ts";
import { statusBoard } from "./runs.ts";
import { activeTab, freshTab, isBlank, type Saved, setTab, type Tab, tabIn, tabs } from "./tabs.ts";
import { select, toast, views } from "./views.ts";

/** Leave the graph on the canvas as it is, for when it comes back. */
function park(): void {
  const { history, kept, ran } = documents.getState();
  setTab(tabs.getState().active, { history, kept, ran, look: stageNow()?.look() ?? null });
}

/** Put a tab's graph on the canvas. The tab is among those that are open. */
function bring(tab: Tab): void {
  tabs.setState({ active: tab.id });
  const { look } = tab;
  // The canvas goes there first: where it was before, all of a large graph may lie in view.
  if (look === null) showAll(tab.history.now);
  else stageNow()?.lookAt(look);
  documents.setState({ history: tab.history, kept: tab.kept, ran: tab.ran, isReadOnly: tab.past !== null });
  select({});
  views.setState({ focused: null, entered: null, renaming: null, search: null, isFindOpen: false, linking: null });
  statusBoard.clear();
  outputBoard.clear();
  dockOf(tab.saved?.name ?? tab.id);
  showRun(tab.run);
  void fetchSavedTypes();
}

function showAll(draft: Draft): void {
  const whole = wholeRect(draft, typesOfGraph(draft.graph));
  if (whole !== undefined) stageNow()?.show(whole, 1);
}

export function switchTo(id: string): void {
  const state = tabs.getState();
  const tab = tabIn(state, id);
  if (tab === undefined || id === state.active) return;
  void keepTab(state.active);
  park();
  bring(tab);
}

/** The tab beside the one on the canvas. */
export function switchBy(step: 1 | -1): void {
  const { open, active } = tabs.getState();
  const at = open.findIndex((tab) => tab.id === active);
  const next = open[(at + step + open.length) % open.length];
  if (next !== undefined) switchTo(next.id);
}

/** Open a tab, in the place of a blank one. */
function addTab(tab: Tab): void {
  const before = activeTab();
  void hold(tab.id);
  park();
  if (isBlank(before)) {
    letGo(before.id);
    tabs.setState(({ open }) => ({ open: open.map((one) => (one.id === before.id ? tab : one)) }));
  } else {
    void keepTab(before.id);
    tabs.setState(({ open }) => ({ open: [...open, tab] }));
  }
  bring(tab);
}

/** Open a graph in a tab; one whose nodes lie on each other, as graphs written by hand do, is laid out first. */
export async function openDraft(given: Draft, saved: Saved | null = null, past: Run | null = null): Promise<void> {
  const draft = await apart(given, typesOfGraph(given.graph));
  const tab = { ...freshTab(draft, saved), past };
  addTab(tab);
  await fetchSavedTypes();
  // Nodes that stand for saved graphs are as large as these say.
  const arranged = draftNow() === draft ? await apart(draft, typeOfNow) : draft;
  if (arranged !== draft && draftNow() === draft) {
    const { history, kept, ran } = freshTab(arranged);
    documents.setState({ history, kept, ran });
    showAll(arranged);
  }
  if (tabs.getState().active === tab.id) await keepTab(tab.id);
}

export function newGraph(): void {
  if (!isBlank(activeTab())) addTab(freshTab());
}

/** Close a tab. Nothing is asked, since it can be opened again as it was. */
export async function closeTab(id: string): Promise<void> {
  const { open, active } = tabs.getState();
  const tab = tabIn(tabs.getState(), id);
  if (tab === undefined || (open.length === 1 && isBlank(tab))) return;
  if (id === active) park();
  const wasBlank = isBlank(tab);
  await keepTab(id, true);
  letGo(id);
  const rest = tabs.getState().open.filter((one) => one.id !== id);
  const at = open.findIndex((one) => one.id === id);
  const next = rest[Math.min(at, rest.length - 1)] ?? freshTab();
  tabs.setState({ open: rest.length === 0 ? [next] : rest });
  if (id === active) bring(next);
  if (!wasBlank && tab.past === null) toast({ key: "tab.closed", values: {} });
}

/** Open the graph that was closed last, as it was. */
export async function reopenTab(): Promise<void> {
  const kept = await lastClosed();
  const tab = kept === undefined ? undefined : tabOf(kept);
  if (tab === undefined) toast({ key: "tab.noneClosed", values: {} });
  else addTab(tab);
}

/** Begin with what was open before; with a blank graph where nothing was. */
export function openKept(found: readonly Tab[], active: string): void {
  const tab = found.find((one) => one.id === active) ?? found[0];
  if (tab === undefined) return;
  tabs.setState({ open: found });
  bring(tab);
}

