/** The graphs that are open in this page. The one on the canvas lives in `documents`; the others wait here as they were left. */

import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";

import type { Run } from "../api/generated.ts";
import { type Draft, EMPTY_DRAFT } from "../core/draft.ts";
import type { Graph } from "../core/graph.ts";
import { freshId } from "../core/ids.ts";
import { isSameDraft } from "../core/sameDraft.ts";
import { commit, type Deed, type History, historyOf } from "../core/history.ts";
import { type Inward, prefixOf } from "../core/levels.ts";
import type { Said } from "../words/say.ts";
import { documents, edit } from "./documents.ts";
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

/** A graph that is looked at within another: which node was gone into, and what it stands for. */
export interface Level extends Inward {
  /** Of the saved graph. */
  readonly name: string;
  /** The id of the tab whose graph that is. */
  readonly doc: string;
}

export interface Tab extends Edited {
  /** Of its draft in this browser. */
  readonly id: string;
  /** Whether it is open within others alone, and has no place in the row of tabs. */
  readonly isInner: boolean;
  /** The way from its graph to the one within it that is looked at; empty where that is its own. */
  readonly trail: readonly Level[];
  readonly saved: Saved | null;
  /** The run that is followed, or null. */
  readonly run: string | null;
  /** Runs that were made of it, the latest first: those of a graph that nobody saved are known by nothing else. */
  readonly runs: readonly string[];
  /** The run that it shows as it was, and that nothing is changed in; null for a graph that is edited. */
  readonly past: Run | null;
  /** Whether it is a template within another graph, in which nothing is changed either. */
  readonly isTemplate: boolean;
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
  /** The tab that is looked at. */
  readonly root: string;
  /** The tab whose graph is on the canvas: the same, or one that its way leads into. */
  readonly active: string;
}

export function freshTab(draft: Draft = EMPTY_DRAFT, saved: Saved | null = null, id = freshId()): Tab {
  return { id, isInner: false, trail: [], isTemplate: false, saved, history: historyOf(draft), kept: draft, ran: null, run: null, runs: [], past: null, look: null, isSaving: false, failed: null, newer: null, isElsewhere: false };
}

/** Runs that a graph remembers. */
const MOST_RUNS = 16;

const first = freshTab();

export const tabs = createStore<Tabs>(() => ({ open: [first], root: first.id, active: first.id }));

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

/** The tabs that stand in a row above: those that are not open within others alone. */
export function rowIn({ open }: Tabs): readonly Tab[] {
  return open.filter((tab) => !tab.isInner);
}

/** The tab that is looked at, whichever graph within it is on the canvas. */
export function rootIn(state: Tabs): Tab {
  return tabIn(state, state.root) ?? first;
}

export function rootTab(): Tab {
  return rootIn(tabs.getState());
}

/** What the ids of a run's steps begin with that concern the graph on the canvas. */
export function prefixIn(state: Tabs): string {
  return prefixOf(rootIn(state).trail);
}

export function prefixNow(): string {
  return prefixIn(tabs.getState());
}

/** The graph of the tab that is looked at, which is what is run. */
export function rootGraph(): Graph {
  const root = rootTab();
  return (editedIn(root.id) ?? root).history.now.graph;
}

/** Whether nothing of a tab's graph may be changed. */
export function isFixed(tab: Tab): boolean {
  return tab.past !== null || tab.isTemplate;
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

/** Edit a tab's graph, whether it is on the canvas or waits: one step of undo. */
export function editIn(id: string, deed: Deed, change: (draft: Draft) => Draft): void {
  if (id === tabs.getState().active) edit(deed, change);
  else {
    const waiting = tabIn(tabs.getState(), id);
    if (waiting !== undefined) setTab(id, { history: commit(waiting.history, change(waiting.history.now), deed, performance.now()) });
  }
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
  if (edited === undefined || tab.saved !== null || isFixed(tab)) return false;
  const { graph, view } = edited.history.now;
  return graph.nodes.size + view.notes.size === 0 && edited.history.past.length + edited.history.future.length === 0;
}
