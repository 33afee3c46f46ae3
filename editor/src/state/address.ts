/** The page's address follows what is open: `/g/NAME?node=NODE&run=RUN`. What is behind an address can be opened again. */

import { type Address, readAddress, writeAddress } from "../core/address.ts";
import { revealNode } from "./actions.ts";
import { draftNow } from "./documents.ts";
import { openPast } from "./past.ts";
import { showRun } from "./running.ts";
import { openSaved } from "./saving.ts";
import { newGraph, switchTo } from "./switching.ts";
import { activeTab, tabs } from "./tabs.ts";
import { toast, views } from "./views.ts";

/** Milliseconds for which what is looked at must stay, before the address says so. */
const DELAY = 250;

/** Open what an address names. Tells whether it named a graph that is open now. */
export async function openAddress({ graph, node, run }: Address): Promise<boolean> {
  const isOpen = graph !== "" ? await openSaved(graph) : run !== "" && activeTab().run !== run && !isOfTab() && (await openPast(run));
  if (run !== "" && (isOpen || graph === "") && activeTab().run !== run) showRun(run);
  if (node !== "" && draftNow().graph.nodes.has(node)) requestAnimationFrame(() => requestAnimationFrame(() => revealNode(node)));
  else if (node !== "" && isOpen) toast({ key: "open.noNode", values: { name: node } });
  return isOpen;
}

function addressNow(): Address {
  const tab = activeTab();
  const { nodes } = views.getState();
  const [node] = nodes;
  return { graph: tab.saved?.name ?? "", node: nodes.size === 1 && node !== undefined ? node : "", run: tab.run ?? "" };
}

/** Whether the address is that of the graph on the canvas: its page was loaded anew, maybe before the tab kept its run. */
function isOfTab(): boolean {
  return stateTab() === activeTab().id;
}

function stateTab(): string {
  const state: unknown = history.state;
  return typeof state === "object" && state !== null && "tab" in state && typeof state.tab === "string" ? state.tab : "";
}

/** From now on the address says what is open. Another graph is a step of the browser's; a selection or a run is none. */
export function followAddress(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isGoingBack = false;
  const write = () => {
    const tab = activeTab();
    const to = writeAddress(addressNow());
    const isOther = stateTab() !== tab.id;
    if (!isOther && to === location.pathname + location.search) return;
    if (isOther && !isGoingBack) history.pushState({ tab: tab.id }, "", to);
    else history.replaceState({ tab: tab.id }, "", to);
    isGoingBack = false;
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(write, DELAY);
  };
  history.replaceState({ tab: activeTab().id }, "", writeAddress(addressNow()));
  let last = activeTab();
  tabs.subscribe(() => {
    const now = activeTab();
    const before = last;
    last = now;
    // A run is to be found again from the moment it began, whenever the page is loaded anew.
    if (now.id !== before.id || now.run !== before.run) {
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
    const there = tabs.getState().open.find((tab) => tab.id === stateTab());
    const address = readAddress(location.pathname, location.search);
    isGoingBack = true;
    if (there !== undefined) {
      switchTo(there.id);
      isGoingBack = false;
      if (address.node !== "" && draftNow().graph.nodes.has(address.node)) requestAnimationFrame(() => revealNode(address.node));
    } else if (address.graph === "" && address.run === "") newGraph();
    else void openAddress(address);
  });
}
