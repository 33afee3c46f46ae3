/** Asks what a run takes of sub-graphs that were changed and not saved. */

import { useEffect, useRef } from "react";

import { closeDialog } from "../state/dialogs.ts";
import { saveParts, unsavedParts } from "../state/parts.ts";
import { useSay } from "../state/preferences.ts";
import { startRun } from "../state/running.ts";
import { DialogBox } from "./DialogBox.tsx";

export function UnsavedParts({ targets }: { readonly targets: readonly string[] }) {
  const say = useSay();
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  const names = unsavedParts().flatMap(({ saved }) => (saved === null ? [] : [saved.name]));
  const saveAndRun = async () => {
    closeDialog();
    if (await saveParts()) await startRun(targets);
  };
  return (
    <DialogBox title={say("unsaved.title")} onClose={closeDialog} testId="unsaved">
      <p>{say("unsaved.words", { names: names.join(", ") })}</p>
      <footer className="dialog-foot">
        <button
          type="button"
          className="plain"
          data-testid="unsaved-run"
          onClick={() => {
            closeDialog();
            void startRun(targets);
          }}
        >
          {say("unsaved.run")}
        </button>
        <button type="button" className="primary" data-testid="unsaved-save" ref={first} onClick={() => void saveAndRun()}>
          {say("unsaved.save")}
        </button>
      </footer>
    </DialogBox>
  );
}
