/** How the graph on the canvas is kept, and what that leads to: its versions, or what another saved. */

import { TriangleAlert } from "lucide-react";

import { runCommand, shortcutOf } from "../state/commands.ts";
import { useDocuments } from "../state/documents.ts";
import { useSay, useSayThat } from "../state/preferences.ts";
import { showConflict } from "../state/saving.ts";
import { activeIn, isChanged, tabIn, useTabs } from "../state/tabs.ts";
import { togglePanel } from "../state/views.ts";

export function SavedState() {
  const say = useSay();
  const sayThat = useSayThat();
  const id = useTabs((state) => state.active);
  const saved = useTabs((state) => activeIn(state).saved);
  const isSaving = useTabs((state) => activeIn(state).isSaving);
  const failed = useTabs((state) => activeIn(state).failed);
  const newer = useTabs((state) => tabIn(state, id)?.newer ?? null);
  const isElsewhere = useTabs((state) => activeIn(state).isElsewhere);
  const isSame = useDocuments((state) => !isChanged(state));
  if (newer !== null && saved !== null && !isSaving) {
    return (
      <span className="saved" role="status">
        <button type="button" className="saved-state is-warning" data-testid="saved" title={say("graph.newerHelp", { version: newer })} onClick={() => void showConflict(id, saved.name)}>
          <TriangleAlert size={13} aria-hidden="true" />
          {newer === 0 ? say("graph.deleted") : say("graph.newer")}
        </button>
      </span>
    );
  }
  const word = isSaving ? say("graph.saving") : failed !== null ? say("graph.failed", { why: sayThat(failed) }) : say(saved === null ? "graph.unnamed" : isSame ? "graph.kept" : "graph.changed");
  const help = saved === null ? say("graph.unnamedHelp", { keys: shortcutOf("save") }) : say(isElsewhere ? "graph.elsewhereHelp" : "graph.savedHelp", { name: saved.name, version: saved.version });
  return (
    <span className="saved" role="status">
      <button type="button" className={`saved-state${failed === null ? "" : " is-wrong"}`} data-testid="saved" title={failed === null ? help : word} onClick={() => (saved === null || failed !== null ? runCommand("save") : togglePanel("versions"))}>
        <span className="saved-word">{word}</span>
        {isElsewhere && <span className="saved-word">· {say("graph.elsewhere")}</span>}
      </button>
    </span>
  );
}
