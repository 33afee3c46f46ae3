/** The saved graphs that a tab's graph is made of, where they were changed here since they were saved: a run takes them as they were saved. */

import { usesIn } from "../core/levels.ts";
import { showDialog } from "./dialogs.ts";
import { documents } from "./documents.ts";
import { running, startRun } from "./running.ts";
import { saveOver } from "./saving.ts";
import { editedIn, isChanged, rootGraph, rootTab, type Tab, tabs } from "./tabs.ts";

export function unsavedParts(): readonly Tab[] {
  const uses = usesIn(rootGraph(), documents.getState().saved);
  const { id } = rootTab();
  return tabs.getState().open.filter((tab) => {
    const edited = editedIn(tab.id);
    return tab.id !== id && tab.saved !== null && uses.has(tab.saved.name) && edited !== undefined && isChanged(edited);
  });
}

/** Begin a run; where graphs that it takes were changed and not saved, ask first what it is to take. */
export async function askRun(names: readonly string[] = []): Promise<void> {
  if (rootTab().past === null && !running.getState().isGoing && unsavedParts().length > 0) showDialog({ kind: "unsaved", targets: names });
  else await startRun(names);
}

/** Save them all; false where one could not be, which is then said. */
export async function saveParts(): Promise<boolean> {
  for (const { id, saved } of unsavedParts()) if (saved !== null && !(await saveOver(id, saved.name, saved.version))) return false;
  return true;
}
