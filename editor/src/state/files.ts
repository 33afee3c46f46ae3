/** Graphs as files, and as they are kept by the server. */

import { type Draft, draftText, EMPTY_DRAFT, readDraft } from "../core/draft.ts";
import { anyOverlap, rectOf } from "../core/geometry.ts";
import { laidOut } from "./arranging.ts";
import { documents, draftNow, openDraft, typeOfNow } from "./documents.ts";
import { keepHere } from "./keeping.ts";
import { fetchSavedTypes } from "./saved.ts";
import { select, toast, views } from "./views.ts";
import { stageNow } from "./stage.ts";
import { wholeRect } from "./actions.ts";

export async function saveGraph(): Promise<void> {
  await keepHere(draftNow());
  documents.setState(({ history }) => ({ kept: history.now }));
}

export function newGraph(): void {
  openDraft(EMPTY_DRAFT);
  select({});
  views.setState({ focused: null, entered: null });
}

/** Open a graph; one whose nodes lie on each other, as graphs written by hand do, is laid out first. */
export async function open(draft: Draft): Promise<void> {
  openDraft(draft);
  select({});
  await fetchSavedTypes();
  if (draftNow() !== draft) return;
  const names = new Set(draft.graph.nodes.keys());
  if (anyOverlap([...names].map((name) => rectOf(draft, typeOfNow, name)))) {
    const arranged = await laidOut(draft, names);
    if (draftNow() !== draft) return;
    openDraft(arranged);
  }
  const whole = wholeRect();
  if (whole !== undefined) requestAnimationFrame(() => stageNow()?.show(whole, 1));
}

/** Open the graph in a text; what is wrong with it is told. */
export async function openText(text: string): Promise<boolean> {
  const read = readDraft(text);
  if (read.isOk) {
    await open(read.value);
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

export function openFile(): void {
  const chooser = document.createElement("input");
  chooser.type = "file";
  chooser.accept = ".json,application/json";
  chooser.onchange = () => {
    const file = chooser.files?.[0];
    if (file !== undefined) void file.text().then(openText);
  };
  chooser.click();
}

/** Whether there is something that opening another graph would lose. */
export function isUnsaved(): boolean {
  const { history, kept } = documents.getState();
  return history.now !== kept && history.now.graph.nodes.size > 0;
}
