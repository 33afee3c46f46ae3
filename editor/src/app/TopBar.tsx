/** The bar above: the graphs that are open, undo and redo, the theme, Run. */

import { ClipboardList, FilePlus, Moon, Redo2, Search, Sun, SunMoon, Undo2, Workflow } from "lucide-react";

import { useDocuments } from "../state/documents.ts";
import { commandOf, runCommand, shortcutOf } from "../state/commands.ts";
import { preferences, usePreferences, useSay } from "../state/preferences.ts";
import { useIsForm, useIsNarrow } from "../state/width.ts";
import { QueuePill } from "./QueuePill.tsx";
import { RunButton } from "./RunButton.tsx";
import { TabStrip } from "./TabStrip.tsx";
import { redoDeed, undoDeed } from "../core/history.ts";

const THEMES = { system: { icon: SunMoon, next: "light" }, light: { icon: Sun, next: "dark" }, dark: { icon: Moon, next: "system" } } as const;

export function TopBar() {
  const isNarrow = useIsNarrow();
  const isForm = useIsForm();
  return (
    <header className="top">
      <span className="mark-name" role="img" aria-label="Diorama">
        <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
          <path d="M3 6.5 10 3l7 3.5v7L10 17l-7-3.5Z" />
          <path d="M3 6.5 10 10l7-3.5M10 10v7" />
        </svg>
      </span>
      <h1 className="unseen">Diorama</h1>
      <TabStrip />
      <History />
      <span className="spring" />
      <button type="button" className="pill" onClick={() => runCommand("palette")}>
        <Search size={14} aria-hidden="true" />
        <PaletteHint />
      </button>
      <FormButton />
      <ThemeButton />
      {!isNarrow && <RunButton />}
      {!isForm && <QueuePill />}
    </header>
  );
}

function PaletteHint() {
  const say = useSay();
  return (
    <>
      {say("command.palette")} <kbd>{shortcutOf("palette")}</kbd>
    </>
  );
}

function History() {
  const say = useSay();
  const undo = useDocuments((state) => undoDeed(state.history));
  const redo = useDocuments((state) => redoDeed(state.history));
  const title = (id: "undo" | "redo", deed: typeof undo) => `${say(`command.${id}`)}${deed === undefined ? "" : `: ${say(deed)}`} (${shortcutOf(id)})`;
  return (
    <span className="tools">
      <button type="button" className="tool" disabled={undo === undefined} aria-label={say("command.undo")} title={title("undo", undo)} onClick={() => runCommand("undo")}>
        <Undo2 size={16} aria-hidden="true" />
      </button>
      <button type="button" className="tool" disabled={redo === undefined} aria-label={say("command.redo")} title={title("redo", redo)} onClick={() => runCommand("redo")}>
        <Redo2 size={16} aria-hidden="true" />
      </button>
    </span>
  );
}

/** Leads to the form and back; where there is room for the form alone, to another graph. */
function FormButton() {
  const say = useSay();
  const isForm = useIsForm();
  const isNarrow = useIsNarrow();
  const id = isForm ? "graph" : "form";
  const title = isNarrow ? say("form.new") : say(commandOf(id).title);
  const Icon = isNarrow ? FilePlus : isForm ? Workflow : ClipboardList;
  return (
    <button type="button" className="tool is-kept" aria-label={title} title={isNarrow ? title : `${title} (${shortcutOf(id)})`} data-testid="form-button" onClick={() => runCommand(isNarrow ? "new" : id)}>
      <Icon size={16} aria-hidden="true" />
    </button>
  );
}

function ThemeButton() {
  const say = useSay();
  const theme = usePreferences((state) => state.theme);
  const { icon: Icon, next } = THEMES[theme];
  const title = say(`theme.${theme}`);
  return (
    <button type="button" className="tool is-kept" aria-label={title} title={title} data-testid="theme" onClick={() => preferences.setState({ theme: next })}>
      <Icon size={16} aria-hidden="true" />
    </button>
  );
}
