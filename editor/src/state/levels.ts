/** Into the saved graphs that nodes stand for, and out again, on the same canvas. A saved graph is one document, wherever it is looked at. */

import { fetchNewest, fetchSaved, GONE } from "../api/graphs.ts";
import type { Run } from "../api/generated.ts";
import type { Draft } from "../core/draft.ts";
import { type Inward, pathText, prefixOf, savedIn, wayTo } from "../core/levels.ts";
import { nodeOfStep } from "../core/targets.ts";
import { revealNode } from "./actions.ts";
import { apart } from "./arranging.ts";
import { draftNow, typesOfGraph } from "./documents.ts";
import { closedWithin, hold, keepTab } from "./keeping.ts";
import { loopNow } from "./running.ts";
import { stageNow } from "./stage.ts";
import { goTo } from "./switching.ts";
import { editedIn, freshTab, type Level, rootGraph, rootTab, type Tab, tabIn, tabs } from "./tabs.ts";
import { draftAt } from "./versions.ts";
import { toast } from "./views.ts";

/** Go into a node of the graph on the canvas; of a loop into the item that was heard of last. */
export async function goInto(node: string): Promise<void> {
  const { trail } = rootTab();
  const isLoop = (draftNow().graph.nodes.get(node)?.forEach.length ?? 0) > 0;
  const item = isLoop ? (loopNow(prefixOf(trail) + node)?.last ?? 0) : null;
  if (await goAlong([...trail, { node, item }])) stageNow()?.focus();
}

export function goUp(): void {
  goTo(rootTab().trail.slice(0, -1));
}

export function goToDepth(depth: number): void {
  goTo(rootTab().trail.slice(0, depth));
}

/** Look at another item of the loop that was gone into at a depth. */
export function goToItem(depth: number, item: number): void {
  goTo(rootTab().trail.map((level, at) => (at === depth ? { ...level, item } : level)));
}

/** Follow a way from the graph of the tab, as far as it leads. Tells whether it was there to its end. */
export async function goAlong(path: readonly Inward[]): Promise<boolean> {
  const root = rootTab();
  const trail: Level[] = [];
  let graph = rootGraph();
  for (const { node, item } of path) {
    const there = graph.nodes.get(node);
    const name = savedIn(there?.type);
    if (there === undefined || name === undefined) {
      toast({ key: "level.noNode", values: { name: node } });
      break;
    }
    const doc = await documentOf(name, root.past);
    if (doc === undefined || tabs.getState().root !== root.id) return false;
    if (doc.id === root.id || trail.some((level) => level.doc === doc.id)) {
      toast({ key: "level.circle", values: { name } });
      break;
    }
    trail.push({ node, item: there.forEach.length > 0 ? (item ?? 0) : null, name, doc: doc.id });
    graph = (editedIn(doc.id) ?? doc).history.now.graph;
  }
  goTo(trail);
  return trail.length === path.length;
}

/** The tab that holds a saved graph: one that is open, one whose changes were kept, or a new one; undefined, and it is said why, where there is none. */
async function documentOf(name: string, past: Run | null): Promise<Tab | undefined> {
  if (past !== null) return pastDocument(name, past);
  const there = tabs.getState().open.find((tab) => tab.saved?.name === name) ?? tabIn(tabs.getState(), templateId(name));
  if (there !== undefined) return there;
  const closed = await closedWithin(name);
  if (closed !== undefined) {
    const tab = added(closed);
    // It was taken out of what is kept: it is there again before anything else can happen.
    await keepTab(tab.id);
    return tab;
  }
  const found = await fetchNewest(name);
  if (found.isOk) return added({ ...freshTab(await laidApart(found.value.draft), { name, version: found.value.version }), isInner: true });
  const template = found.status === GONE ? await fetchSaved(name) : undefined;
  if (template !== undefined) return added({ ...freshTab(await laidApart(template), null, templateId(name)), isInner: true, isTemplate: true });
  toast(found.status === GONE ? { key: "open.noGraph", values: { name } } : found.said);
  return undefined;
}

function templateId(name: string): string {
  return `template/${name}`;
}

/** A saved graph as a run took it. */
async function pastDocument(name: string, past: Run): Promise<Tab | undefined> {
  const id = `${past.id}/${name}`;
  const there = tabIn(tabs.getState(), id);
  if (there !== undefined) return there;
  const draft = (await draftAt(name, past.created)) ?? (await fetchSaved(name));
  if (draft === undefined) {
    toast({ key: "open.noGraph", values: { name } });
    return undefined;
  }
  return added({ ...freshTab(await laidApart(draft), null, id), isInner: true, past });
}

function laidApart(draft: Draft): Promise<Draft> {
  return apart(draft, typesOfGraph(draft.graph));
}

/** The tab, among those that are open; another that came meanwhile is taken in its place. */
function added(tab: Tab): Tab {
  const there = tabs.getState().open.find((one) => one.id === tab.id || (tab.saved !== null && one.saved?.name === tab.saved.name));
  if (there !== undefined) return there;
  void hold(tab.id);
  tabs.setState(({ open }) => ({ open: [...open, tab] }));
  return tab;
}

/** Go to the node that a step of the run is a call of, within whichever graphs it lies. */
export async function goToStep(step: string): Promise<void> {
  const way = wayTo(step);
  const node = nodeOfStep(step.slice(step.lastIndexOf("/") + 1));
  if (pathText(way) !== pathText(rootTab().trail) && !(await goAlong(way))) return;
  if (draftNow().graph.nodes.has(node)) revealNode(node);
}
