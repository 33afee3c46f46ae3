/** The page's address follows what is open: `/g/NAME?in=WAY&node=NODE&run=RUN`. What is behind an address can be opened again. */

import * as v from "valibot";

import { type Address, readAddress, writeAddress } from "../core/address.ts";
import { pathText, readPath } from "../core/levels.ts";
import { revealNode } from "./actions.ts";
import { draftNow } from "./documents.ts";
import { goAlong } from "./levels.ts";
import { openPast } from "./past.ts";
import { showRun } from "./running.ts";
import { openSaved } from "./saving.ts";
import { newGraph, switchTo } from "./switching.ts";
import { rootTab, rowIn, tabs } from "./tabs.ts";
import { toast, views } from "./views.ts";

/** Milliseconds for which what is looked at must stay, before the address says so. */
const DELAY = 250;

/** Open what an address names. Tells whether it named a graph that is open now. */
export async function openAddress({ graph, within, node, run }: Address): Promise<boolean> {
  const isOpen = graph !== "" ? await openSaved(graph) : run !== "" && rootTab().run !== run && !isOfTab() && (await openPast(run));
  if (run !== "" && (isOpen || graph === "") && rootTab().run !== run) showRun(run);
  if ((isOpen || isOfTab()) && within !== pathText(rootTab().trail)) await goAlong(readPath(within));
  if (node !== "" && draftNow().graph.nodes.has(node)) requestAnimationFrame(() => requestAnimationFrame(() => revealNode(node)));
  else if (node !== "" && isOpen) toast({ key: "open.noNode", values: { name: node } });
  return isOpen;
}

function addressNow(): Address {
  const tab = rootTab();
  const { nodes } = views.getState();
  const [node] = nodes;
  return { graph: tab.saved?.name ?? "", within: pathText(tab.trail), node: nodes.size === 1 && node !== undefined ? node : "", run: tab.run ?? "" };
}

/** Whether the address is that of the graph on the canvas: its page was loaded anew, maybe before the tab kept its run. */
function isOfTab(): boolean {
  return stateNow().tab === rootTab().id;
}

const STATE = v.object({ tab: v.string(), within: v.string() });

/** The tab that a step of the browser's history was of, and the way within it. */
function stateNow(): v.InferOutput<typeof STATE> {
  const read = v.safeParse(STATE, history.state);
  return read.success ? read.output : { tab: "", within: "" };
}

function placeNow(): v.InferOutput<typeof STATE> {
  const { id, trail } = rootTab();
  return { tab: id, within: pathText(trail) };
}

/** From now on the address says what is open. Another graph is a step of the browser's; a selection or a run is none. */
export function followAddress(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isGoingBack = false;
  const write = () => {
    const place = placeNow();
    const to = writeAddress(addressNow());
    const { tab, within } = stateNow();
    const isOther = tab !== place.tab || within !== place.within;
    if (!isOther && to === location.pathname + location.search) return;
    if (isOther && !isGoingBack) history.pushState(place, "", to);
    else history.replaceState(place, "", to);
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(write, DELAY);
  };
  history.replaceState(placeNow(), "", writeAddress(addressNow()));
  let last = rootTab();
  tabs.subscribe(() => {
    const now = rootTab();
    const before = last;
    last = now;
    // A run is to be found again from the moment it began, whenever the page is loaded anew.
    if (now.id !== before.id || now.run !== before.run || pathText(now.trail) !== pathText(before.trail)) {
      clearTimeout(timer);
      write();
    } else if (now.saved?.name !== before.saved?.name) later();
  });
  let nodes = views.getState().nodes;
  views.subscribe((state) => {
    if (state.nodes === nodes) return;
    nodes = state.nodes;
    later();
  });
  window.addEventListener("popstate", () => {
    clearTimeout(timer);
    const place = stateNow();
    const there = rowIn(tabs.getState()).find((tab) => tab.id === place.tab);
    isGoingBack = true;
    void goBack(there?.id, place.within).finally(() => (isGoingBack = false));
  });
}

/** Go to where a step of the browser's history was: a level of a tab that is still open, or what its address names. */
async function goBack(tab: string | undefined, within: string): Promise<void> {
  const address = readAddress(location.pathname, location.search);
  if (tab !== undefined) {
    switchTo(tab);
    if (within !== pathText(rootTab().trail)) await goAlong(readPath(within));
    if (address.node !== "" && draftNow().graph.nodes.has(address.node)) requestAnimationFrame(() => revealNode(address.node));
  } else if (address.graph === "" && address.run === "") newGraph();
  else await openAddress(address);
}
