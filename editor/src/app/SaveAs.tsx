/** Asks under which name a graph is to be saved. */

import { useId, useState } from "react";

import { freshName, isName } from "../core/names.ts";
import { closeDialog } from "../state/dialogs.ts";
import { useSay, useSayThat } from "../state/preferences.ts";
import { saveUnder } from "../state/saving.ts";
import { editedIn, tabIn, tabs } from "../state/tabs.ts";
import type { Said } from "../words/say.ts";
import { DialogBox } from "./DialogBox.tsx";

/** A name that the title suggests, in the letters that names have. */
function suggested(tab: string): string {
  const known = tabIn(tabs.getState(), tab)?.saved?.name;
  const title = editedIn(tab)?.history.now.graph.title ?? "";
  if (known !== undefined) return freshName(known, (name) => name === known);
  const name = freshName(title.toLocaleLowerCase().replaceAll("/", " "), () => false).replace(/_+$/, "");
  return title.trim() === "" || !isName(name) ? "" : name;
}

export function SaveAs({ tab }: { readonly tab: string }) {
  const say = useSay();
  const sayThat = useSayThat();
  const id = useId();
  const [name, setName] = useState(() => suggested(tab));
  const [note, setNote] = useState("");
  const [failed, setFailed] = useState<Said | null>(null);
  const [isSaving, setIsSaving] = useState(false);
  const save = async () => {
    setIsSaving(true);
    const why = await saveUnder(tab, name.trim(), note.trim());
    setIsSaving(false);
    setFailed(why);
    if (why === null) closeDialog();
  };
  return (
    <DialogBox title={say("save.title")} onClose={closeDialog} testId="save-as">
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <label className="field-line">
          <span>{say("save.name")}</span>
          <input className="box" type="text" value={name} autoFocus spellCheck={false} aria-invalid={failed !== null} aria-describedby={`${id}-help`} data-testid="save-name" onFocus={(event) => event.target.select()} onChange={(event) => {
            setName(event.target.value);
            setFailed(null);
          }} />
        </label>
        <p className={failed === null ? "help" : "wrong"} id={`${id}-help`} role={failed === null ? undefined : "alert"}>
          {failed === null ? say("save.nameHelp") : sayThat(failed)}
        </p>
        <label className="field-line">
          <span>{say("save.note")}</span>
          <input className="box" type="text" value={note} maxLength={200} onChange={(event) => setNote(event.target.value)} />
        </label>
        <footer className="dialog-foot">
          <button type="button" className="plain" onClick={closeDialog}>
            {say("dialog.cancel")}
          </button>
          <button type="submit" className="primary" disabled={isSaving} data-testid="save-do">
            {say("command.save")}
          </button>
        </footer>
      </form>
    </DialogBox>
  );
}
