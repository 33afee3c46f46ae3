/** What is looked at: selection, zoom, what is open. Nothing of it is saved with the graph. */

import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";

import type { Link, Wire } from "../core/graph.ts";
import type { Need } from "../core/search.ts";
import type { Point } from "../core/view.ts";
import type { Said } from "../words/say.ts";

/** How much is drawn of a node: all, its outline, or a mark on a drawn overview. */
export type Detail = "full" | "simple" | "overview";
export type Panel = "nodes" | "templates" | "outline" | "queue" | "versions" | "assets" | "runs" | "devices" | "settings";

/** A wire that is being drawn, from an output or from an input. */
export interface Linking {
  readonly side: "out" | "in";
  readonly end: Wire;
  /** Nodes that a wire to them would close a circle with. */
  readonly blocked: ReadonlySet<string>;
  readonly isByKeyboard: boolean;
}

export interface SearchAt {
  /** On the screen, and on the canvas. */
  readonly screen: Point;
  readonly canvas: Point;
  readonly need: Need | null;
  readonly linking: Linking | null;
  /** The node that a wire was let go on: it ends at one of its ports. */
  readonly within?: string;
  /** The node whose type is to be another, in the place of a new one. */
  readonly replaces?: string;
}

/** A menu of commands, and what it is for. */
export interface MenuAt {
  readonly kind: "node" | "wire" | "canvas";
  readonly screen: Point;
  readonly canvas: Point;
}

/** What can be done about what a sentence says. */
export interface ToastDeed {
  readonly label: Said;
  readonly run: () => void;
}

export interface Views {
  readonly nodes: ReadonlySet<string>;
  readonly frames: ReadonlySet<string>;
  readonly notes: ReadonlySet<string>;
  readonly links: ReadonlySet<string>;
  /** The node that has the keyboard, kept on the canvas wherever it is. */
  readonly focused: string | null;
  /** The node whose controls are reached by Tab. */
  readonly entered: string | null;
  readonly detail: Detail;
  readonly zoom: number;
  readonly linking: Linking | null;
  readonly search: SearchAt | null;
  readonly menu: MenuAt | null;
  readonly isPaletteOpen: boolean;
  readonly isFindOpen: boolean;
  readonly panel: Panel | null;
  readonly renaming: string | null;
  readonly hoveredLink: string | null;
  /** A sentence that is shown for a moment, where on the screen if not in the corner. */
  readonly toast: { readonly said: Said; readonly at: Point | null; readonly number: number; readonly deed: ToastDeed | null } | null;
  readonly isDragging: boolean;
  /** The wire that the dragged node would be put into. */
  readonly insertInto: string | null;
}

const NONE: ReadonlySet<string> = new Set();

export const views = createStore<Views>(() => ({
  nodes: NONE,
  frames: NONE,
  notes: NONE,
  links: NONE,
  focused: null,
  entered: null,
  detail: "full",
  zoom: 1,
  linking: null,
  search: null,
  menu: null,
  isPaletteOpen: false,
  isFindOpen: false,
  panel: null,
  renaming: null,
  hoveredLink: null,
  toast: null,
  isDragging: false,
  insertInto: null,
}));

export function useViews<T>(select: (state: Views) => T): T {
  return useStore(views, select);
}

/** Open a panel, or close it where it is open. */
export function togglePanel(panel: Panel): void {
  views.setState((state) => ({ panel: state.panel === panel ? null : panel }));
}

export type Selection = Partial<Pick<Views, "nodes" | "frames" | "notes" | "links">>;

/** Select these, and nothing else. */
export function select(selection: Selection): void {
  views.setState({ nodes: NONE, frames: NONE, notes: NONE, links: NONE, ...selection });
}

export function isSomethingSelected(state: Views): boolean {
  return state.nodes.size + state.frames.size + state.notes.size + state.links.size > 0;
}

/** How a wire is known on the canvas: an input has one at most. */
export function linkId(to: Wire): string {
  return `${to.node}.${to.port}`;
}

export function linkIdOf(link: Link): string {
  return linkId(link.to);
}

/** Milliseconds that a sentence stays. */
export const TOAST_TIME = 3000;
let toasts = 0;

export function toast(said: Said, at: Point | null = null, deed: ToastDeed | null = null): void {
  toasts += 1;
  const number = toasts;
  views.setState({ toast: { said, at, number, deed } });
  setTimeout(() => {
    if (views.getState().toast?.number === number) views.setState({ toast: null });
  }, TOAST_TIME);
}

/** Below these zooms less is drawn; above them by `SLACK`, more again, so that the edge does not flicker. */
const MANY = { simple: 0.55, overview: 0.4 };
/** A graph of up to `FEW_NODES` can be drawn whole: pictures are worth seeing where words are too small to read. */
const FEW = { simple: 0.3, overview: 0.25 };
const FEW_NODES = 40;
const SLACK = 0.02;

export function detailAt(zoom: number, now: Detail, nodes: number): Detail {
  const below = nodes <= FEW_NODES ? FEW : MANY;
  const overview = now === "overview" ? below.overview + SLACK : below.overview;
  const simple = now === "full" ? below.simple : below.simple + SLACK;
  if (zoom < overview) return "overview";
  return zoom < simple ? "simple" : "full";
}
