/** The dock below the canvas: closed until it is asked for, and remembered for each graph. */

import * as v from "valibot";
import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";

export const DOCK_TABS = ["scene", "timeline", "log"] as const;
export type DockTab = (typeof DOCK_TABS)[number];

const DOCK = v.object({
  isOpen: v.boolean(),
  tab: v.picklist(DOCK_TABS),
  height: v.number(),
  isSceneApart: v.boolean(),
});

export interface Dock {
  readonly isOpen: boolean;
  readonly tab: DockTab;
  readonly height: number;
  /** Whether the scene stands beside the canvas, at half the width, instead of in the dock. */
  readonly isSceneApart: boolean;
}

/** Pixels of the dock: as it comes, and its bounds. */
export const DOCK_HEIGHT = 240;
export const LEAST_HEIGHT = 120;
export const MOST_HEIGHT = 640;
/** Graphs that are remembered; the one that was looked at longest ago is forgotten first. */
const MOST_GRAPHS = 100;
const PLACE = "diorama.dock";
const CLOSED: Dock = { isOpen: false, tab: "scene", height: DOCK_HEIGHT, isSceneApart: false };

let graph = "";

export const dock = createStore<Dock>(() => remembered().get(graph) ?? CLOSED);

export function useDock<T>(select: (state: Dock) => T): T {
  return useStore(dock, select);
}

function remembered(): Map<string, Dock> {
  try {
    const read = v.safeParse(v.array(v.tuple([v.string(), DOCK])), JSON.parse(localStorage.getItem(PLACE) ?? "[]"));
    return new Map(read.success ? read.output : []);
  } catch {
    return new Map();
  }
}

dock.subscribe((state) => {
  const all = remembered();
  all.delete(graph);
  all.set(graph, state);
  try {
    localStorage.setItem(PLACE, JSON.stringify([...all].slice(-MOST_GRAPHS)));
  } catch {
    // A browser that keeps nothing has the dock as long as the page.
  }
});

/** Another graph is open: its dock is as it was left. `key` is the graph's name, or whatever it is known by. */
export function dockOf(key: string): void {
  graph = key;
  dock.setState(remembered().get(key) ?? CLOSED);
}

/** Open a tab, or close the dock where that one is open. */
export function toggleDock(tab: DockTab): void {
  const { isOpen, tab: now, isSceneApart } = dock.getState();
  if (tab === "scene" && isSceneApart) dock.setState({ isSceneApart: false });
  else dock.setState({ isOpen: !isOpen || now !== tab, tab });
}

/** Open a tab, whatever was open. */
export function showDock(tab: DockTab): void {
  if (tab === "scene" && dock.getState().isSceneApart) return;
  dock.setState({ isOpen: true, tab });
}

export function setDockHeight(height: number): void {
  dock.setState({ height: Math.round(Math.min(MOST_HEIGHT, Math.max(LEAST_HEIGHT, height))) });
}

/** Put the scene beside the canvas, or back into the dock. */
export function setSceneApart(isSceneApart: boolean): void {
  const { tab } = dock.getState();
  if (isSceneApart) dock.setState({ isSceneApart, isOpen: tab !== "scene" && dock.getState().isOpen });
  else dock.setState({ isSceneApart, isOpen: true, tab: "scene" });
}
