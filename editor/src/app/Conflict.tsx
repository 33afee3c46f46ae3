/** Two saved the same graph: what differs, and four ways on, none of which loses anything. */

import { compare } from "../core/compare.ts";
import { closeDialog, showDialog, type Theirs } from "../state/dialogs.ts";
import { Differences } from "../panels/Differences.tsx";
import { useSay } from "../state/preferences.ts";
import { saveOver } from "../state/saving.ts";
import { openDraft } from "../state/switching.ts";
import { editedIn, tabIn, tabs } from "../state/tabs.ts";
import { DialogBox } from "./DialogBox.tsx";

interface ConflictProps {
  readonly tab: string;
  readonly theirs: Theirs | null;
}

export function Conflict({ tab, theirs }: ConflictProps) {
  const say = useSay();
  const saved = tabIn(tabs.getState(), tab)?.saved;
  const mine = editedIn(tab)?.history.now;
  if (saved == null || mine === undefined) return null;
  const keepMine = () => {
    closeDialog();
    void saveOver(tab, saved.name, theirs?.version ?? 0);
  };
  const openTheirs = async (draft: Theirs["draft"], version: number) => {
    closeDialog();
    await openDraft(draft, { name: saved.name, version });
  };
  return (
    <DialogBox title={say("conflict.title")} onClose={closeDialog} isWide testId="conflict">
      <p>{theirs === null ? say("conflict.deleted", { name: saved.name }) : say("conflict.words", { name: saved.name, version: theirs.version, mine: saved.version })}</p>
      {theirs !== null && (
        <div className="scroll differences-scroll" tabIndex={0} role="region" aria-label={say("compare.title")}>
          <Differences comparison={compare(theirs.draft, mine)} before={say("conflict.theirs", { version: theirs.version })} after={say("conflict.mine")} />
        </div>
      )}
      <footer className="dialog-foot">
        <button type="button" className="plain" data-testid="conflict-other" onClick={() => showDialog({ kind: "saveAs", tab })}>
          {say("conflict.other")}
        </button>
        {theirs !== null && (
          <button type="button" className="plain" data-testid="conflict-theirs" onClick={() => void openTheirs(theirs.draft, theirs.version)}>
            {say("conflict.openTheirs")}
          </button>
        )}
        <button type="button" className="primary" data-testid="conflict-mine" onClick={keepMine}>
          {theirs === null ? say("conflict.again") : say("conflict.keepMine", { version: theirs.version + 1 })}
        </button>
      </footer>
    </DialogBox>
  );
}
