/** What a person chose for this browser, the keys of every command, and how the server works where the key permits. */

import { RotateCcw } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useState } from "react";

import type { Setting } from "../api/generated.ts";
import { COMMAND_IDS, commandOf, type CommandId, isRemapped, remap, resetKeys, shortcutOf } from "../state/commands.ts";
import { pressed } from "../state/keys.ts";
import { putSetting, readSettings, useMachine } from "../state/machine.ts";
import { preferences, usePreferences, useSay, useSayThat } from "../state/preferences.ts";
import { LANGUAGES } from "../words/say.ts";
import { Tool } from "./queue/Tool.tsx";

export function SettingsPanel() {
  return (
    <div className="scroll machine" data-testid="settings">
      <Looks />
      <ServerSettings />
      <Keys />
    </div>
  );
}

function Looks() {
  const say = useSay();
  const theme = usePreferences((state) => state.theme);
  const language = usePreferences((state) => state.language);
  const motion = usePreferences((state) => state.motion);
  const id = useId();
  return (
    <section>
      <h2>{say("settings.looks")}</h2>
      <div className="setting">
        <label htmlFor={`${id}-theme`}>{say("settings.theme")}</label>
        <select id={`${id}-theme`} className="box" value={theme} onChange={(event) => preferences.setState({ theme: themeIn(event.target.value) })}>
          <option value="system">{say("settings.asSystem")}</option>
          <option value="light">{say("theme.light")}</option>
          <option value="dark">{say("theme.dark")}</option>
        </select>
      </div>
      <div className="setting">
        <label htmlFor={`${id}-language`}>{say("settings.language")}</label>
        <select id={`${id}-language`} className="box" value={language} onChange={(event) => preferences.setState({ language: event.target.value === "de" ? "de" : "en" })}>
          <option value="en">{LANGUAGES.en.name}</option>
          <option value="de">{LANGUAGES.de.name}</option>
        </select>
      </div>
      <div className="setting">
        <label htmlFor={`${id}-motion`}>{say("settings.motion")}</label>
        <select id={`${id}-motion`} className="box" value={motion} onChange={(event) => preferences.setState({ motion: event.target.value === "reduced" ? "reduced" : "system" })}>
          <option value="system">{say("settings.asSystem")}</option>
          <option value="reduced">{say("settings.motion.reduced")}</option>
        </select>
      </div>
    </section>
  );
}

function themeIn(text: string): "system" | "light" | "dark" {
  return text === "light" || text === "dark" ? text : "system";
}

/** Settings of the server that have a place of their own elsewhere. */
const ELSEWHERE: ReadonlySet<string> = new Set(["paused"]);

function ServerSettings() {
  const say = useSay();
  const sayThat = useSayThat();
  const settings = useMachine((state) => state.settings);
  const refused = useMachine((state) => state.noSettings);
  useEffect(() => void readSettings(), []);
  return (
    <section>
      <h2>{say("settings.server")}</h2>
      {refused !== null && <p className="help">{say("settings.refused", { why: sayThat(refused) })}</p>}
      {settings?.filter(({ name }) => !ELSEWHERE.has(name)).map((setting) => <ServerSetting key={setting.name} setting={setting} />)}
    </section>
  );
}

const RECOVERIES = ["ask", "resume", "discard", "fail"] as const;

function ServerSetting({ setting }: { readonly setting: Setting }) {
  const say = useSay();
  const id = useId();
  const { name, value } = setting;
  const title = { recovery: say("settings.recovery"), max_running: say("settings.max_running"), max_running_per_client: say("settings.max_running_per_client"), require_keys: say("settings.require_keys") }[name] ?? name;
  return (
    <div className="setting" data-testid={`setting:${name}`}>
      <label htmlFor={id} title={setting.help}>
        {title}
      </label>
      {name === "recovery" ? (
        <select id={id} className="box" value={typeof value === "string" ? value : ""} onChange={(event) => void putSetting(name, event.target.value)}>
          {RECOVERIES.map((one) => (
            <option key={one} value={one}>
              {say(`settings.recovery.${one}`)}
            </option>
          ))}
        </select>
      ) : typeof value === "boolean" ? (
        <input id={id} type="checkbox" checked={value} onChange={(event) => void putSetting(name, event.target.checked)} />
      ) : (
        <CountBox key={String(value)} id={id} name={name} value={typeof value === "number" ? value : null} isOptional={setting.default === null} />
      )}
    </div>
  );
}

/** A count; empty gives the setting its default again. It is set once it is left, or by Enter. */
function CountBox({ id, name, value, isOptional }: { readonly id: string; readonly name: string; readonly value: number | null; readonly isOptional: boolean }) {
  const say = useSay();
  const [text, setText] = useState(value === null ? "" : String(value));
  const put = () => {
    if (text !== (value === null ? "" : String(value))) void putSetting(name, text === "" ? null : Number(text));
  };
  return (
    <input
      id={id}
      className="box"
      type="number"
      min={1}
      placeholder={isOptional ? say("settings.noBound") : ""}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={put}
      onKeyDown={(event) => (event.key === "Enter" ? put() : undefined)}
    />
  );
}

function Keys() {
  const say = useSay();
  const [words, setWords] = useState("");
  const chosen = usePreferences((state) => state.keys);
  const wanted = words.trim().toLocaleLowerCase();
  const shown = COMMAND_IDS.filter((id) => say(commandOf(id).title).toLocaleLowerCase().includes(wanted));
  return (
    <section>
      <h2>{say("settings.keys")}</h2>
      <div className="keys-bar">
        <input className="box" type="search" aria-label={say("settings.keysFilter")} placeholder={say("settings.keysFilter")} value={words} onChange={(event) => setWords(event.target.value)} />
        <button type="button" className="quiet" disabled={Object.keys(chosen).length === 0} onClick={() => resetKeys()}>
          {say("settings.keysReset")}
        </button>
      </div>
      <ul className="keys-list">
        {shown.map((id) => (
          <KeyLine key={id} id={id} />
        ))}
      </ul>
    </section>
  );
}

function KeyLine({ id }: { readonly id: CommandId }) {
  const say = useSay();
  const [isAsking, setAsking] = useState(false);
  const title = say(commandOf(id).title);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isAsking || event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    if (["Control", "Shift", "Alt", "Meta"].includes(event.key)) return;
    if (event.key === "Backspace") remap(id, "");
    else if (event.key !== "Escape" && !remap(id, pressed(event.nativeEvent))) return;
    setAsking(false);
  };
  return (
    <li>
      <span className="entry-title">{title}</span>
      {isRemapped(id) && <Tool icon={RotateCcw} label={say("settings.keyReset", { command: title })} run={() => resetKeys(id)} />}
      <button
        type="button"
        className={`key${isAsking ? " is-asking" : ""}`}
        aria-label={say("settings.key", { command: title, keys: shortcutOf(id) || say("settings.noKeys") })}
        title={isAsking ? say("palette.pressHelp") : undefined}
        data-testid={`key:${id}`}
        onClick={() => setAsking(true)}
        onBlur={() => setAsking(false)}
        onKeyDown={onKeyDown}
      >
        {isAsking ? say("settings.press") : shortcutOf(id) || "–"}
      </button>
    </li>
  );
}
