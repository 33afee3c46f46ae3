/** Asks for the API key that the server wants. */

import { useState } from "react";

import { keyNow, setKey } from "../api/key.ts";
import { closeDialog } from "../state/dialogs.ts";
import { useSay } from "../state/preferences.ts";
import { DialogBox } from "./DialogBox.tsx";

export function AskKey() {
  const say = useSay();
  const [key, setWritten] = useState("");
  return (
    <DialogBox title={say("key.title")} onClose={closeDialog} testId="ask-key">
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          setKey(key.trim());
          location.reload();
        }}
      >
        <p>{say("key.words")}</p>
        {keyNow() !== "" && (
          <p className="wrong" role="alert">
            {say("key.wrong")}
          </p>
        )}
        <label className="field-line">
          <span>{say("key.label")}</span>
          <input className="box" type="password" autoComplete="off" value={key} autoFocus data-testid="key" onChange={(event) => setWritten(event.target.value)} />
        </label>
        <footer className="dialog-foot">
          <button type="button" className="plain" onClick={closeDialog}>
            {say("key.later")}
          </button>
          <button type="submit" className="primary" disabled={key.trim() === ""} data-testid="key-do">
            {say("key.go")}
          </button>
        </footer>
      </form>
    </DialogBox>
  );
}
