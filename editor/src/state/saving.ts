/** Graphs saved on the server, each time as a version. What another has saved meanwhile is never written over unseen. */

import type { Answer } from "../api/http.ts";
import { CHANGED, fetchNewest, fetchSaved, fetchVersions, GONE, saveVersion } from "../api/graphs.ts";
import type { GraphVersion } from "../api/generated.ts";
import { SAVED } from "../core/catalogue.ts";
import { withNodes } from "../core/draft.ts";
import { isName } from "../core/names.ts";
import type { Said } from "../words/say.ts";
import { addSaved, documents } from "./documents.ts";
import { showDialog } from "./dialogs.ts";
import { tellSaved } from "./presence.ts";
import { closedWithin, keepTab } from "./keeping.ts";
import { forgetPlans } from "./plans.ts";
import { plan } from "./running.ts";
import { openDraft, openTab, switchTo } from "./switching.ts";
import { activeTab, editedIn, editIn, isFixed, rootTab, setEdited, setTab, tabIn, tabs } from "./tabs.ts";
import { fetchVersion } from "./versions.ts";
import { toast } from "./views.ts";

/** Save the graph on the canvas: as the next version of its name, or under a name that is asked for. */
export async function saveGraph(): Promise<void> {
  const { id, saved, isSaving } = activeTab();
  if (isSaving || isPast()) return;
  if (saved === null) showDialog({ kind: "saveAs", tab: id });
  else await saveOver(id, saved.name, saved.version);
}

/** Whether a past run or a template is on the canvas, which is saved once something is made of it; says so. */
function isPast(): boolean {
  const tab = activeTab();
  if (isFixed(tab)) toast({ key: tab.isTemplate ? "level.templateRefused" : "past.refused", values: {} });
  return isFixed(tab);
}

export function saveGraphAs(): void {
  if (isPast()) return;
  showDialog({ kind: "saveAs", tab: activeTab().id });
}

/** Save a tab's graph over a version; null for a name that is to be free. */
async function save(id: string, name: string, version: number | null, note = ""): Promise<Answer<GraphVersion> | undefined> {
  const edited = editedIn(id);
  if (edited === undefined) return undefined;
  const draft = edited.history.now;
  setTab(id, { isSaving: true, failed: null });
  const reply = await saveVersion(name, draft, version, note);
  setTab(id, { isSaving: false });
  if (reply.isOk) {
    setEdited(id, { kept: draft });
    setTab(id, { saved: { name, version: reply.value.version }, newer: null });
    tellSaved(name, reply.value.version);
    // Nodes that stand for it are as it is now.
    const before = tabIn(tabs.getState(), id);
    if (documents.getState().saved.has(name) || before?.isInner === true) {
      addSaved(name, draft);
      forgetPlans();
      plan();
    }
  }
  return reply;
}

/** Save a tab's graph over the version that it was made from. Tells whether it is saved; what hinders is shown. */
export async function saveOver(id: string, name: string, version: number): Promise<boolean> {
  const reply = await save(id, name, version === 0 ? null : version);
  if (reply === undefined || reply.isOk) return reply !== undefined;
  if (reply.status === CHANGED) await showConflict(id, name);
  else setTab(id, { failed: reply.said });
  return false;
}

/** Save under a name that is free. Gives why it could not be, for the dialog that asked. */
export async function saveUnder(id: string, name: string, note: string): Promise<Said | null> {
  if (!isName(name)) return { key: "fault.name", values: { name: name === "" ? "–" : name } };
  const reply = await save(id, name, null, note);
  if (reply?.isOk === true) standFor(id, name);
  if (reply === undefined || reply.isOk) return null;
  return reply.status === CHANGED ? { key: "save.taken", values: { name } } : reply.said;
}

/** Let the node that was gone into stand for what was saved under another name; the others go on with what there was. */
function standFor(doc: string, name: string): void {
  const root = rootTab();
  const depth = root.trail.findIndex((level) => level.doc === doc);
  const level = root.trail[depth];
  if (level === undefined || level.name === name) return;
  const parent = root.trail[depth - 1]?.doc ?? root.id;
  editIn(parent, "deed.standFor", (draft) => {
    const node = draft.graph.nodes.get(level.node);
    return node === undefined ? draft : withNodes(draft, [[level.node, { ...node, type: SAVED + name }]]);
  });
  setTab(root.id, { trail: root.trail.map((one, at) => (at === depth ? { ...one, name } : one)) });
  void keepTab(parent);
}

/** Show what was saved meanwhile beside what is here. */
export async function showConflict(id: string, name: string): Promise<void> {
  const newest = await fetchNewest(name);
  if (newest.isOk) {
    setTab(id, { newer: newest.value.version });
    showDialog({ kind: "conflict", tab: id, theirs: newest.value });
  } else if (newest.status === GONE) {
    setTab(id, { newer: 0 });
    showDialog({ kind: "conflict", tab: id, theirs: null });
  } else setTab(id, { failed: newest.said });
}

/** Ask the server whether somebody saved the graph on the canvas meanwhile. */
async function lookForNewer(): Promise<void> {
  const { id, saved } = activeTab();
  if (saved === null) return;
  const versions = await fetchVersions(saved.name, null, 1);
  const now = tabIn(tabs.getState(), id)?.saved;
  if (!versions.isOk || now?.name !== saved.name) return;
  const version = versions.value.items[0]?.version ?? 0;
  if (version > now.version) setTab(id, { newer: version });
}

/** Look for newer versions whenever a person comes back to the page. */
export function followServer(): void {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void lookForNewer();
  });
}

/** Open a saved graph; the tab that has it already comes forward. */
export async function openSaved(name: string, version?: number): Promise<boolean> {
  const there = version === undefined ? tabs.getState().open.find((tab) => tab.saved?.name === name) : undefined;
  if (there !== undefined) {
    // What is open within another graph gets a place of its own, and stays what it is there.
    if (there.isInner) setTab(there.id, { isInner: false });
    switchTo(there.id);
    return true;
  }
  const closed = version === undefined ? await closedWithin(name) : undefined;
  if (closed !== undefined) {
    openTab({ ...closed, isInner: false });
    await keepTab(closed.id);
    return true;
  }
  const found = version === undefined ? await fetchNewest(name) : await fetchVersion(name, version);
  if (!found.isOk) {
    const template = found.status === GONE && version === undefined ? await fetchSaved(name) : undefined;
    if (template !== undefined) {
      await openDraft(template);
      return true;
    }
    toast(found.status === GONE ? { key: "open.noGraph", values: { name } } : found.said);
    return false;
  }
  await openDraft(found.value.draft, version === undefined ? { name, version: found.value.version } : null);
  return true;
}
