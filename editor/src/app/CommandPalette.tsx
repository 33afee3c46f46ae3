/** Every command with its keys; what is chosen here does the same as anywhere else. Alt and Enter give a command other keys. */

import { type KeyboardEvent, useRef, useState } from "react";

import { COMMAND_IDS, commandOf, type CommandId, isEnabled, remap, runCommand, shortcutOf } from "../state/commands.ts";
import { pressed, shownKeys } from "../state/keys.ts";
import { usePreferences, useSay } from "../state/preferences.ts";
import { views } from "../state/views.ts";
import { Listing } from "./Listing.tsx";

export function CommandPalette() {
  const say = useSay();
  const language = usePreferences((state) => state.language);
  const [words, setWords] = useState("");
  const [changing, setChanging] = useState<CommandId | null>(null);
  const before = useRef(document.activeElement);
  const close = () => {
    views.setState({ isPaletteOpen: false });
    if (before.current instanceof HTMLElement) before.current.focus({ preventScroll: true });
  };
  const wanted = words.trim().toLocaleLowerCase();
  const found = COMMAND_IDS.filter((id) => say(commandOf(id).title).toLocaleLowerCase().includes(wanted));
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || event.key !== "Enter") return;
    const chosen = document.querySelector('[role="option"][aria-selected="true"]')?.getAttribute("data-testid")?.slice("entry:".length);
    const id = COMMAND_IDS.find((one) => one === chosen);
    if (id === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    setChanging(id);
  };
  return (
    <div className="veil dim" onPointerDown={close}>
      <div className="popup palette" role="dialog" aria-label={say("command.palette")} onPointerDown={(event) => event.stopPropagation()} onKeyDownCapture={onKeyDown}>
        {changing === null ? (
          <>
            <Listing
              label={say("command.palette")}
              placeholder={say("palette.hint")}
              words={words}
              onWords={setWords}
              empty={say("search.nothing")}
              onClose={close}
              entries={found.map((id) => ({ id, title: say(commandOf(id).title), detail: shortcutOf(id), isDisabled: !isEnabled(id), run: () => runCommand(id) }))}
            />
            <p className="palette-foot">{say("palette.remap", { keys: shownKeys(language, "Alt+Enter") })}</p>
          </>
        ) : (
          <KeysOf id={changing} onDone={() => setChanging(null)} />
        )}
      </div>
    </div>
  );
}

function KeysOf({ id, onDone }: { readonly id: CommandId; readonly onDone: () => void }) {
  const say = useSay();
  return (
    <div
      className="keys"
      tabIndex={-1}
      ref={(element) => element?.focus()}
      role="group"
      aria-label={say("palette.press", { command: say(commandOf(id).title) })}
      onKeyDown={(event) => {
        event.preventDefault();
        event.stopPropagation();
        if (["Control", "Shift", "Alt", "Meta"].includes(event.key)) return;
        if (event.key === "Backspace") remap(id, "");
        else if (event.key !== "Escape" && !remap(id, pressed(event.nativeEvent))) return;
        onDone();
      }}
    >
      <p>{say("palette.press", { command: say(commandOf(id).title) })}</p>
      <p className="help">{say("palette.pressHelp")}</p>
    </div>
  );
}
