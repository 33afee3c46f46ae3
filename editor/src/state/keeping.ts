/** The draft kept in the browser: written within two seconds of a change, so that a closed tab loses nothing. */

import { type Draft, draftText, readDraft } from "../core/draft.ts";
import { documents } from "./documents.ts";

const DATABASE = "diorama";
const STORE = "drafts";
/** Milliseconds from a change to its being written. */
const DELAY = 1000;

function database(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(new Error(asked.error?.message ?? "no database"));
  });
}

/** The name under which this tab keeps its draft: it stays over a reload, and is another in each tab. */
function tabName(): string {
  const known = sessionStorage.getItem("diorama.tab");
  if (known !== null) return known;
  const name = crypto.randomUUID();
  sessionStorage.setItem("diorama.tab", name);
  return name;
}

export async function keepHere(draft: Draft): Promise<void> {
  const opened = await database();
  await new Promise<void>((resolve, reject) => {
    const change = opened.transaction(STORE, "readwrite", { durability: "strict" });
    const store = change.objectStore(STORE);
    const text = draftText(draft);
    store.put(text, tabName());
    store.put(text, "latest");
    change.oncomplete = () => resolve();
    change.onerror = () => reject(new Error(change.error?.message ?? "not written"));
  });
  opened.close();
}

/** What this tab kept, or in a new one what was kept last; undefined where there is nothing. */
export async function keptHere(): Promise<Draft | undefined> {
  const opened = await database();
  const text = await new Promise<unknown>((resolve, reject) => {
    const store = opened.transaction(STORE).objectStore(STORE);
    const asked = store.get(tabName());
    asked.onerror = () => reject(new Error(asked.error?.message ?? "not read"));
    asked.onsuccess = () => {
      if (asked.result !== undefined) {
        resolve(asked.result);
        return;
      }
      const latest = store.get("latest");
      latest.onsuccess = () => resolve(latest.result);
      latest.onerror = () => reject(new Error(latest.error?.message ?? "not read"));
    };
  });
  opened.close();
  if (typeof text !== "string") return undefined;
  const read = readDraft(text);
  return read.isOk ? read.value : undefined;
}

/** Keep every change from now on. */
export function keepChanges(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = documents.getState().history.now;
  documents.subscribe(({ history }) => {
    if (history.now === last) return;
    last = history.now;
    timer ??= setTimeout(() => {
      timer = undefined;
      const written = last;
      void keepHere(written).then(() => documents.setState({ kept: written }));
    }, DELAY);
  });
}
