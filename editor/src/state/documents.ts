/** The graph that is edited, and what follows from it. */

import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";

import { asUsed, type Catalogue, EMPTY_CATALOGUE, type NodeType, savedType } from "../core/catalogue.ts";
import { faultsOf, type NodeFaults } from "../core/check.ts";
import type { Scene } from "../core/connect.ts";
import { type Draft, EMPTY_DRAFT } from "../core/draft.ts";
import { outputsOfSaved } from "../core/edit/subgraph.ts";
import { missingType, type TypeOf } from "../core/geometry.ts";
import { type Graph, isWiredAlike } from "../core/graph.ts";
import { commit, type Deed, type History, historyOf, redo, undo } from "../core/history.ts";
import { staleNodes, type Stale } from "../core/stale.ts";
import { typingOf } from "../core/typing.ts";
import { toast } from "./views.ts";

export interface Documents {
  readonly history: History;
  readonly catalogue: Catalogue;
  /** Saved graphs that nodes of type `graph/NAME` stand for. */
  readonly saved: ReadonlyMap<string, Draft>;
  /** The draft as it was last saved on the server, or opened. */
  readonly kept: Draft;
  /** The graph as it was last run, or null before a run. */
  readonly ran: Graph | null;
  /** Why it is looked at alone: a past run, or a template; null where it is edited. */
  readonly readOnly: "past" | "template" | null;
}

export const documents = createStore<Documents>(() => ({
  history: historyOf(EMPTY_DRAFT),
  catalogue: EMPTY_CATALOGUE,
  saved: new Map(),
  kept: EMPTY_DRAFT,
  ran: null,
  readOnly: null,
}));

export function useDocuments<T>(select: (state: Documents) => T): T {
  return useStore(documents, select);
}

export function draftNow(): Draft {
  return documents.getState().history.now;
}

/** How an edit joins the steps of undo: with a key, those that follow within the pause are one. */
export interface Joining {
  readonly key: string;
  readonly pause?: number;
}

/** Edit the draft: one step of undo, unless it joins the one before. */
export function edit(deed: Deed, change: (draft: Draft) => Draft, joining?: Joining): void {
  if (isRefused()) return;
  documents.setState(({ history }) => ({
    history: commit(history, change(history.now), deed, performance.now(), joining?.key ?? null, joining?.pause),
  }));
}

/** Whether nothing may be changed; says so. */
function isRefused(): boolean {
  const { readOnly } = documents.getState();
  if (readOnly !== null) toast({ key: readOnly === "past" ? "past.refused" : "level.templateRefused", values: {} });
  return readOnly !== null;
}

export function undoEdit(): void {
  documents.setState(({ history }) => ({ history: undo(history) }));
}

export function redoEdit(): void {
  documents.setState(({ history }) => ({ history: redo(history) }));
}

export function setCatalogue(catalogue: Catalogue): void {
  documents.setState(({ saved }) => ({ catalogue: withSaved(catalogue, saved) }));
}

/** Keep a graph that nodes may stand for, by its name. */
export function addSaved(name: string, draft: Draft): void {
  documents.setState(({ catalogue, saved }) => {
    const all = new Map(saved).set(name, draft);
    return { saved: all, catalogue: withSaved(catalogue, all) };
  });
}

function withSaved(catalogue: Catalogue, saved: ReadonlyMap<string, Draft>): Catalogue {
  const nodes = new Map(catalogue.nodes);
  const wider = { ...catalogue, nodes };
  for (const [name, { graph }] of saved) {
    const type = savedType(name, graph, outputsOfSaved(graph, wider));
    nodes.set(type.id, type);
  }
  return wider;
}

interface Derived {
  readonly scene: Scene;
  readonly typeOf: TypeOf;
  faults: NodeFaults | null;
}

let latest: { graph: Graph; catalogue: Catalogue; derived: Derived } | null = null;

/** What follows from a graph, made once for each. */
function derive(graph: Graph, catalogue: Catalogue): Derived {
  if (latest?.graph === graph && latest.catalogue === catalogue) return latest.derived;
  // A value that is edited changes no type: what was found of the wires still holds.
  const known = latest?.catalogue === catalogue && isWiredAlike(latest.graph, graph) ? latest.derived.scene.typing : undefined;
  const derived: Derived = {
    scene: { graph, catalogue, typing: known ?? typingOf(graph, catalogue) },
    typeOf: typesOf(graph, catalogue),
    faults: null,
  };
  latest = { graph, catalogue, derived };
  return derived;
}

const missing = new Map<string, NodeType>();

function typesOf(graph: Graph, catalogue: Catalogue): TypeOf {
  return (name) => {
    const node = graph.nodes.get(name);
    if (node === undefined) return missingType("", { type: "", inputs: new Map(), forEach: [], isBypassed: false, version: null }, []);
    const known = catalogue.nodes.get(node.type);
    if (known !== undefined) return asUsed(known, node);
    const outputs = usedOutputs(graph, name);
    const key = `${node.type}\n${[...node.inputs.keys()].join()}\n${outputs.join()}`;
    const found = missing.get(key) ?? missingType(node.type, node, outputs);
    missing.set(key, found);
    return found;
  };
}

/** The outputs that others take from a node: all that is known of one whose type is not there. */
function usedOutputs(graph: Graph, name: string): readonly string[] {
  const used = new Set<string>();
  for (const node of graph.nodes.values()) {
    for (const input of node.inputs.values()) if (input.kind === "wire" && input.wire.node === name) used.add(input.wire.port);
  }
  for (const wire of graph.results.values()) if (wire.node === name) used.add(wire.port);
  return [...used];
}

export function sceneNow(): Scene {
  const { history, catalogue } = documents.getState();
  return derive(history.now.graph, catalogue).scene;
}

export function typeOfNow(name: string): NodeType {
  const { history, catalogue } = documents.getState();
  return derive(history.now.graph, catalogue).typeOf(name);
}

/** What tells the types of a graph that is not on the canvas yet. */
export function typesOfGraph(graph: Graph): TypeOf {
  return typesOf(graph, documents.getState().catalogue);
}

/** The scene of a state; the same object as long as graph and catalogue are the same. */
export function sceneIn(state: Documents): Scene {
  return derive(state.history.now.graph, state.catalogue).scene;
}

export function typeIn(state: Documents, name: string): NodeType {
  return derive(state.history.now.graph, state.catalogue).typeOf(name);
}

/** Faults by node; looked for when they are first asked for. */
export function faultsIn(state: Documents): NodeFaults {
  const derived = derive(state.history.now.graph, state.catalogue);
  derived.faults ??= faultsOf(derived.scene.graph, derived.scene.catalogue, derived.scene.typing);
  return derived.faults;
}

let stale: { ran: Graph; now: Graph; found: ReadonlyMap<string, Stale> } | null = null;
const NOTHING_STALE: ReadonlyMap<string, Stale> = new Map();

/** Nodes that what was changed since the last run makes stale. */
export function staleIn(state: Documents): ReadonlyMap<string, Stale> {
  const { ran } = state;
  const now = state.history.now.graph;
  if (ran === null) return NOTHING_STALE;
  if (stale?.ran !== ran || stale.now !== now) stale = { ran, now, found: staleNodes(ran, now) };
  return stale.found;
}
