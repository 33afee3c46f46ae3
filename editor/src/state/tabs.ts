/** The graphs that are open in this page. The one on the canvas lives in `documents`; the others wait here as they were left. */

import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";

import type { Run } from "../api/generated.ts";
import { type Draft, EMPTY_DRAFT } from "../core/draft.ts";
import type { Graph } from "../core/graph.ts";
import { freshId } from "../core/ids.ts";
import { isSameDraft } from "../core/sameDraft.ts";
import { type History, historyOf } from "../core/history.ts";
import type { Said } from "../words/say.ts";
import { documents } from "./documents.ts";
import type { Look } from "./stage.ts";

/** Under which name the server has a graph, and the version that was opened or saved last. */
export interface Saved {
  readonly name: string;
  readonly version: number;
}

/** What of a graph is on the canvas while it is looked at. */
export interface Edited {
  readonly history: History;
  /** As it was last saved on the server, or opened. */
  readonly kept: Draft;
  readonly ran: Graph | null;
}

export interface Tab extends Edited {
  /** Of its draft in this browser. */
  readonly id: string;
  readonly saved: Saved | null;
  /** The run that is followed, or null. */
  readonly run: string | null;
  /** Runs that were made of it, the latest first: those of a graph that nobody saved are known by nothing else. */
  readonly runs: readonly string[];
  /** The run that it shows as it was, and that nothing is changed in; null for a graph that is edited. */
  readonly past: Run | null;
  /** What was in view when it was left. */
  readonly look: Look | null;
  readonly isSaving: boolean;
  /** Why it could not be saved; null where nothing went wrong. */
  readonly failed: Said | null;
  /** A version on the server that is newer than the one that was opened; 0 where the graph was deleted there. */
  readonly newer: number | null;
  /** Whether another tab of the browser has it open too. */
  readonly isElsewhere: boolean;
}

export interface Tabs {
  readonly open: readonly Tab[];
  readonly active: string;
}

export function freshTab(draft: Draft = EMPTY_DRAFT, saved: Saved | null = null, id = freshId()): Tab {
  return { id, saved, history: historyOf(draft), kept: draft, ran: null, run: null, runs: [], past: null, look: null, isSaving: false, failed: null, newer: null, isElsewhere: false };
}

/** Runs that a graph remembers. */
const MOST_RUNS = 16;

const first = freshTab();

export const tabs = createStore<Tabs>(() => ({ open: [first], active: first.id }));

export function useTabs<T>(select: (state: Tabs) => T): T {
  return useStore(tabs, select);
}

export function tabIn(state: Tabs, id: string): Tab | undefined {
  return state.open.find((tab) => tab.id === id);
}

/** The tab whose graph is on the canvas. */
export function activeIn(state: Tabs): Tab {
  return tabIn(state, state.active) ?? first;
}

export function activeTab(): Tab {
  return activeIn(tabs.getState());
}

export function setTab(id: string, change: Partial<Tab>): void {
  tabs.setState(({ open }) => ({ open: open.map((tab) => (tab.id === id ? { ...tab, ...change } : tab)) }));
}

/** Follow a run of a tab's graph, and remember that it was made of it. */
export function rememberRun(id: string, run: string): void {
  const runs = tabIn(tabs.getState(), id)?.runs ?? [];
  setTab(id, { run, runs: [run, ...runs.filter((one) => one !== run)].slice(0, MOST_RUNS) });
}

/** A tab's graph as it is now, whether it is on the canvas or waits. */
export function editedIn(id: string): Edited | undefined {
  const state = tabs.getState();
  if (id !== state.active) return tabIn(state, id);
  const { history, kept, ran } = documents.getState();
  return { history, kept, ran };
}

/** Change what a tab's graph was last saved as, or run as. */
export function setEdited(id: string, change: Partial<Edited>): void {
  if (id === tabs.getState().active) documents.setState(change);
  else setTab(id, change);
}

/** Whether a graph is another document than the one that was saved last; edited back to it, it is saved. */
export function isChanged({ history, kept }: Pick<Edited, "history" | "kept">): boolean {
  return !isSameDraft(history.now, kept);
}

/** Whether there is nothing in a tab that opening another graph in its place would lose. */
export function isBlank(tab: Tab): boolean {
  const edited = editedIn(tab.id);
  if (edited === undefined || tab.saved !== null || tab.past !== null) return false;
  const { graph, view } = edited.history.now;
  return graph.nodes.size + view.notes.size === 0 && edited.history.past.length + edited.history.future.length === 0;
}
