/** What is edited: a graph, and how it lies on the canvas. Both are never changed in place. */

import { type Result, ok } from "./fault.ts";
import { EMPTY_GRAPH, type Graph, type GraphNode } from "./graph.ts";
import { type Document, readGraph } from "./graphRead.ts";
import { documentOf, documentText } from "./graphWrite.ts";
import type { Json } from "./json.ts";
import { EMPTY_VIEW, type Place, readView, type View, viewJson } from "./view.ts";

export interface Draft {
  readonly graph: Graph;
  readonly view: View;
}

export const EMPTY_DRAFT: Draft = { graph: EMPTY_GRAPH, view: EMPTY_VIEW };

export function draftOf(document: Document): Draft {
  return { graph: document.graph, view: readView(document.view, document.graph.nodes) };
}

/** The draft in a text, or every fault of the text. */
export function readDraft(text: string): Result<Draft> {
  const read = readGraph(text);
  return read.isOk ? ok(draftOf(read.value)) : read;
}

export function draftText(draft: Draft): string {
  return documentText(draft.graph, viewJson(draft.view));
}

export function draftJson(draft: Draft): Json {
  return documentOf(draft.graph, viewJson(draft.view));
}

/** The draft with some nodes set anew. */
export function withNodes(draft: Draft, nodes: Iterable<readonly [string, GraphNode]>): Draft {
  const changed = new Map(draft.graph.nodes);
  for (const [name, node] of nodes) changed.set(name, node);
  return { ...draft, graph: { ...draft.graph, nodes: changed } };
}

/** The draft with some nodes standing elsewhere. */
export function withPlaces(draft: Draft, places: Iterable<readonly [string, Place]>): Draft {
  const changed = new Map(draft.view.places);
  for (const [name, place] of places) changed.set(name, place);
  return { ...draft, view: { ...draft.view, places: changed } };
}

export function withView(draft: Draft, view: Partial<View>): Draft {
  return { ...draft, view: { ...draft.view, ...view } };
}

export const NOWHERE: Place = { x: 0, y: 0, isCollapsed: false, tint: null };

export function placeOf(draft: Draft, name: string): Place {
  return draft.view.places.get(name) ?? NOWHERE;
}
