/** Drafts kept in the browser: written within two seconds of a change, so that a closed tab loses nothing. */

import * as v from "valibot";

import { type Draft, draftText, EMPTY_DRAFT, readDraft } from "../core/draft.ts";
import { freshId } from "../core/ids.ts";
import { sharing } from "../core/sameDraft.ts";
import { documents } from "./documents.ts";
import { activeTab, editedIn, freshTab, isBlank, isChanged, isFixed, rootIn, type Tab, tabIn, type Tabs, tabs } from "./tabs.ts";
import { toast } from "./views.ts";

const DATABASE = "diorama.graphs";
const STORE = "drafts";
/** Milliseconds from a change to its being written. */
const DELAY = 800;
/** Graphs that were closed and can be opened again. */
const MOST_CLOSED = 20;
/** Milliseconds that a tab of the browser, which may be just going, is given to let a draft go. */
const PATIENCE = 250;
/** Where a page remembers over a reload which drafts it has open. */
const PLACE = "diorama.open";

const KEPT = v.object({
  id: v.string(),
  text: v.string(),
  saved: v.nullable(v.object({ name: v.string(), version: v.number() })),
  isChanged: v.boolean(),
  /** The draft as it was last saved on the server, or opened, where it was changed since. */
  keptText: v.optional(v.nullable(v.string()), null),
  isClosed: v.boolean(),
  run: v.nullable(v.string()),
  runs: v.optional(v.array(v.string()), []),
  at: v.number(),
  isInner: v.optional(v.boolean(), false),
  trail: v.optional(v.array(v.object({ node: v.string(), item: v.nullable(v.number()), name: v.string(), doc: v.string() })), []),
});
export type Kept = v.InferOutput<typeof KEPT>;
const OPEN = v.object({ open: v.array(v.string()), active: v.string() });

function database(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(new Error(asked.error?.message ?? "no database"));
  });
}

async function change(make: (store: IDBObjectStore) => void): Promise<void> {
  const opened = await database();
  await new Promise<void>((resolve, reject) => {
    const changing = opened.transaction(STORE, "readwrite", { durability: "strict" });
    make(changing.objectStore(STORE));
    changing.oncomplete = () => resolve();
    changing.onerror = () => reject(new Error(changing.error?.message ?? "not written"));
  });
  opened.close();
}

/** Every draft of this browser, the one changed last first. */
export async function keptDrafts(): Promise<readonly Kept[]> {
  const opened = await database();
  const found = await new Promise<readonly unknown[]>((resolve, reject) => {
    const asked = opened.transaction(STORE).objectStore(STORE).getAll();
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(new Error(asked.error?.message ?? "not read"));
  });
  opened.close();
  return found
    .map((one) => v.safeParse(KEPT, one))
    .filter((read) => read.success)
    .map((read) => read.output)
    .sort((a, b) => b.at - a.at);
}

let hasFailed = false;

/** Write a tab's draft; one that is blank leaves nothing. */
export async function keepTab(id: string, isClosed = false): Promise<void> {
  const tab = tabIn(tabs.getState(), id);
  const edited = editedIn(id);
  // Past runs and templates are on the server, and are looked at alone.
  if (tab === undefined || edited === undefined || isFixed(tab)) return;
  const keptText = isChanged(edited) ? textOf(edited.kept) : null;
  const kept: Kept = { id, text: draftText(edited.history.now), saved: tab.saved, isChanged: keptText !== null, keptText, isClosed, run: tab.run, runs: [...tab.runs], at: Date.now(), isInner: tab.isInner, trail: [...tab.trail] };
  // What was only looked at within another graph is there again when that is gone into.
  const isNothing = isBlank(tab) || (isClosed && tab.isInner && !kept.isChanged);
  try {
    await change((store) => (isNothing ? store.delete(id) : store.put(kept)));
    hasFailed = false;
  } catch {
    // Said once: it would be said with every key that is typed.
    if (!hasFailed) toast({ key: "keep.failed", values: {} });
    hasFailed = true;
  }
}

/** The graph that was closed last, taken back; undefined where none was. */
export async function lastClosed(): Promise<Kept | undefined> {
  return taken(({ isInner }) => !isInner);
}

/** A saved graph that was changed within another and was closed with that, taken back with its changes; undefined where there is none. */
export async function closedWithin(name: string): Promise<Tab | undefined> {
  const kept = await taken(({ isInner, saved }) => isInner && saved?.name === name).catch(() => undefined);
  return kept === undefined ? undefined : tabOf(kept);
}

/** The draft that was closed last of those that are wanted. */
async function taken(isWanted: (kept: Kept) => boolean): Promise<Kept | undefined> {
  const last = (await keptDrafts()).find((kept) => kept.isClosed && isWanted(kept));
  if (last !== undefined) await change((store) => store.delete(last.id));
  return last;
}

/** Let the oldest of the closed graphs go. */
async function prune(found: readonly Kept[]): Promise<void> {
  const old = found.filter((kept) => kept.isClosed).slice(MOST_CLOSED);
  if (old.length > 0) await change((store) => old.forEach((kept) => store.delete(kept.id)));
}

/** A tab as its draft was kept; undefined where the draft cannot be read, which then stays where it is. */
export function tabOf(kept: Kept, id = kept.id): Tab | undefined {
  const read = readDraft(kept.text);
  if (!read.isOk) return undefined;
  const tab = freshTab(read.value, kept.saved, id);
  return { ...tab, isInner: kept.isInner, trail: kept.trail, run: kept.run, runs: kept.runs, kept: kept.isChanged ? keptIn(kept.keptText, read.value) : read.value };
}

/** The draft as it was saved, in a text that was kept beside what it has become; something else than that where there is none. */
function keptIn(text: string | null, now: Draft): Draft {
  const read = text === null ? undefined : readDraft(text);
  return read?.isOk === true ? sharing(read.value, now) : { ...EMPTY_DRAFT };
}

const texts = new WeakMap<Draft, string>();

/** A draft's text, written once: it is kept with every change of what was made of it. */
function textOf(draft: Draft): string {
  const text = texts.get(draft) ?? draftText(draft);
  texts.set(draft, text);
  return text;
}

const held = new Map<string, () => void>();

/** Take a draft for this page, so that no other writes it; false where another tab of the browser has it. */
export async function hold(id: string): Promise<boolean> {
  if (!canTellOthers()) return true;
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  return new Promise((resolve) => {
    const taken = navigator.locks.request(`${DATABASE}.${id}`, { signal: patience.signal }, () => {
      clearTimeout(timer);
      resolve(true);
      return new Promise<void>((release) => held.set(id, release));
    });
    taken.catch(() => resolve(false));
  });
}

export function letGo(id: string): void {
  held.get(id)?.();
  held.delete(id);
}

/** The drafts that this page had open before a reload, or in a new one those that no page has open any more. */
export async function tabsKept(): Promise<{ readonly found: readonly Tab[]; readonly active: string }> {
  const kept = await keptDrafts();
  const before = openBefore();
  void prune(kept);
  const mine = kept.filter((one) => (before === undefined ? !one.isClosed && canTellOthers() : before.open.includes(one.id)));
  const taken = await Promise.all(mine.map(async (one) => ({ one, isHeld: await hold(one.id) })));
  const found: Tab[] = [];
  const copies = new Map<string, string>();
  let active = before?.active ?? "";
  for (const { one, isHeld } of taken) {
    if (isHeld) {
      const tab = tabOf(one);
      if (tab !== undefined) found.push(tab);
    } else if (before !== undefined) {
      // The browser made a copy of a tab: it goes on with a draft of its own.
      const copy = tabOf(one, freshId());
      if (copy === undefined) continue;
      if (active === one.id) active = copy.id;
      copies.set(one.id, copy.id);
      found.push(copy);
    }
  }
  const order = before?.open ?? [];
  const sorted = (await inUse(found)).sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
  return { found: sorted.map((tab) => ({ ...tab, trail: tab.trail.map((level) => ({ ...level, doc: copies.get(level.doc) ?? level.doc })) })), active };
}

/** The tabs without graphs that were looked at within others and no longer are, as long as nothing was changed in them. */
async function inUse(found: readonly Tab[]): Promise<Tab[]> {
  const used = new Set(found.flatMap((tab) => tab.trail.map(({ doc }) => doc)));
  const idle = new Set(found.filter((tab) => tab.isInner && !used.has(tab.id) && !isChanged(tab)).map((tab) => tab.id));
  if (idle.size > 0) await change((store) => idle.forEach((id) => store.delete(id)));
  idle.forEach((id) => letGo(id));
  return found.filter((tab) => !idle.has(tab.id));
}

/** Whether drafts that other tabs have open can be told from those that nobody has: not where a page came over plain HTTP. */
function canTellOthers(): boolean {
  return "locks" in navigator;
}

function openBefore(): v.InferOutput<typeof OPEN> | undefined {
  try {
    const read = v.safeParse(OPEN, JSON.parse(sessionStorage.getItem(PLACE) ?? "null"));
    return read.success ? read.output : undefined;
  } catch {
    return undefined;
  }
}

function placeOf({ open, root }: Tabs): string {
  return JSON.stringify({ open: open.map((tab) => tab.id), active: root });
}

/** Keep every change from now on. */
export function keepChanges(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    clearTimeout(timer);
    timer = undefined;
    void keepTab(tabs.getState().active);
  };
  let last = documents.getState();
  let id = tabs.getState().active;
  documents.subscribe((state) => {
    const isSame = state.history.now === last.history.now && state.kept === last.kept;
    const isOther = id !== tabs.getState().active;
    last = state;
    id = tabs.getState().active;
    if (!isSame && !isOther) timer ??= setTimeout(write, DELAY);
  });
  tabs.subscribe((state, before) => {
    sessionStorage.setItem(PLACE, placeOf(state));
    const now = activeTab();
    const then = tabIn(before, state.active);
    const root = rootIn(state);
    // Of the graph that is looked into, the run may be another.
    if (root.id !== now.id && tabIn(before, root.id)?.run !== root.run) void keepTab(root.id);
    if (then !== undefined && (then.saved !== now.saved || then.run !== now.run)) timer ??= setTimeout(write, DELAY);
  });
  sessionStorage.setItem(PLACE, placeOf(tabs.getState()));
  // What is on the way out writes what it has at once.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && timer !== undefined) write();
  });
}
