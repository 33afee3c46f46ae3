/** Saved graphs that nodes of the draft stand for: fetched when they are met, and made from a selection. */

import { createGraph, fetchSaved } from "../api/graphs.ts";
import { SAVED } from "../core/catalogue.ts";
import type { Draft } from "../core/draft.ts";
import { packNodes, unpackNode } from "../core/edit/subgraph.ts";
import { selectedNodes } from "./actions.ts";
import { addSaved, documents, draftNow, edit } from "./documents.ts";
import { statusBoard } from "./runs.ts";
import { select, toast, views } from "./views.ts";

/** Names that are tried for a graph made from a selection. */
const MOST_NAMES = 200;

/** Fetch the saved graphs that the nodes of the draft stand for, and those that these are made of. */
export async function fetchSavedTypes(): Promise<void> {
  const tried = new Set<string>();
  for (let missing = missingNames(tried); missing.length > 0; missing = missingNames(tried)) {
    for (const name of missing) {
      tried.add(name);
      const found = await fetchSaved(name);
      if (found !== undefined) addSaved(name, found);
    }
  }
}

function missingNames(tried: ReadonlySet<string>): readonly string[] {
  const { saved } = documents.getState();
  const graphs = [draftNow().graph, ...[...saved.values()].map((draft) => draft.graph)];
  const names = graphs.flatMap((graph) => [...graph.nodes.values()].filter((node) => node.type.startsWith(SAVED)).map((node) => node.type.slice(SAVED.length)));
  return [...new Set(names)].filter((name) => !saved.has(name) && !tried.has(name));
}

/** Make the selection a saved graph, with one node in its place. Nothing changes where the server cannot keep it. */
export async function packSelection(): Promise<void> {
  const names = selectedNodes();
  const before = draftNow();
  if (names.size === 0) return;
  const { catalogue, saved } = documents.getState();
  const { inner } = packNodes(before, catalogue, names, "part");
  const free = Array.from({ length: MOST_NAMES }, (_, at) => (at === 0 ? "part" : `part_${String(at + 1)}`)).filter((name) => !saved.has(name));
  const kept = await createGraph(inner, free);
  if (!kept.isOk) {
    toast(kept.said);
    return;
  }
  addSaved(kept.value, inner);
  if (draftNow() !== before) return;
  const packed = packNodes(before, catalogue, names, kept.value);
  edit("deed.pack", () => packed.outer);
  showFirstOf(packed.name, packed.inner);
  select({ nodes: new Set([packed.name]) });
}

export async function unpackSelection(): Promise<void> {
  const [name] = views.getState().nodes;
  await fetchSavedTypes();
  const type = name === undefined ? "" : (draftNow().graph.nodes.get(name)?.type ?? "");
  const inner = documents.getState().saved.get(type.slice(SAVED.length));
  const unpacked = name === undefined || inner === undefined ? undefined : unpackNode(draftNow(), name, inner);
  if (unpacked === undefined) {
    toast({ key: "refuse.unpack", values: {} });
    return;
  }
  edit("deed.unpack", () => unpacked.draft);
  select({ nodes: unpacked.names });
}

/** A node that stands for others shows what the first of its results is made by, as that did. */
function showFirstOf(name: string, inner: Draft): void {
  for (const wire of inner.graph.results.values()) {
    const { preview } = statusBoard.get(wire.node);
    if (preview === null) continue;
    statusBoard.set(name, { preview });
    return;
  }
}
