/** Graphs as files: written out, chosen, read. */

import { draftText, readDraft } from "../core/draft.ts";
import { draftNow } from "./documents.ts";
import { openDraft } from "./switching.ts";
import { toast } from "./views.ts";

/** Where a graph waits for the page that is to open it. */
const HANDED = "diorama.handed";

/** The graph that was handed to this page, once; null where there is none. */
export function takeHanded(): string | null {
  const handed = localStorage.getItem(HANDED);
  if (handed !== null) localStorage.removeItem(HANDED);
  return handed;
}

/** Open the graph in a text, in a tab; what is wrong with it is told. */
export async function openText(text: string): Promise<boolean> {
  const read = readDraft(text);
  if (read.isOk) {
    await openDraft(read.value);
    return true;
  }
  const [fault] = read.faults;
  if (fault !== undefined) toast(fault.said);
  return false;
}

export function exportFile(): void {
  const draft = draftNow();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([draftText(draft)], { type: "application/json" }));
  link.download = `${draft.graph.title.replaceAll(/[^\p{L}\p{N}_-]+/gu, "_") || "graph"}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Let a person choose files of any kind that may hold a graph. */
export function chooseFiles(take: (files: readonly File[]) => void): void {
  const chooser = document.createElement("input");
  chooser.type = "file";
  chooser.multiple = true;
  chooser.onchange = () => take([...(chooser.files ?? [])]);
  chooser.click();
}
