/** The graphs that are open. The one on the canvas shows its title, to be changed, and how it is kept. */

import { History, Plus, TriangleAlert, X } from "lucide-react";
import { useEffect } from "react";

import { closeTab, newGraph, switchTo } from "../state/switching.ts";
import { edit, useDocuments } from "../state/documents.ts";
import { runCommand, shortcutOf } from "../state/commands.ts";
import { useSay, useSayThat } from "../state/preferences.ts";
import { showConflict } from "../state/saving.ts";
import { activeIn, isChanged, type Tab, tabIn, useTabs } from "../state/tabs.ts";
import { togglePanel } from "../state/views.ts";

export function TabStrip() {
  const say = useSay();
  const open = useTabs((state) => state.open);
  const active = useTabs((state) => state.active);
  return (
    <nav className="tabs" aria-label={say("tabs")}>
      <ul>
        {open.map((tab) => (
          <li key={tab.id} className={tab.id === active ? "tab is-active" : "tab"} data-testid="tab" aria-current={tab.id === active ? "page" : undefined}>
            {tab.id === active ? <ActiveTab /> : <OtherTab tab={tab} />}
            <CloseButton id={tab.id} title={tab.id === active ? null : tab.history.now.graph.title} isAlone={open.length === 1} />
          </li>
        ))}
      </ul>
      <button type="button" className="tool" aria-label={say("command.new")} title={say("command.new")} data-testid="new-tab" onClick={newGraph}>
        <Plus size={16} aria-hidden="true" />
      </button>
    </nav>
  );
}

function OtherTab({ tab }: { readonly tab: Tab }) {
  const say = useSay();
  const { title } = tab.history.now.graph;
  const state = tab.past !== null ? "past.label" : isChanged(tab) ? "graph.changed" : tab.saved === null ? "graph.unnamed" : "graph.kept";
  return (
    <button type="button" className="tab-name" title={say(state)} onClick={() => switchTo(tab.id)}>
      {tab.past !== null && <History size={13} aria-hidden="true" />}
      <span>{title === "" ? say("graph.untitled") : title}</span>
      {isChanged(tab) && (
        <>
          <i className="tab-dot" aria-hidden="true" />
          <span className="unseen">{say("graph.changed")}</span>
        </>
      )}
    </button>
  );
}

function CloseButton({ id, title, isAlone }: { readonly id: string; readonly title: string | null; readonly isAlone: boolean }) {
  const say = useSay();
  const now = useDocuments((state) => state.history.now.graph.title);
  const isEmpty = useDocuments((state) => state.history.now.graph.nodes.size === 0);
  if (isAlone && isEmpty) return null;
  const name = (title ?? now) || say("graph.untitled");
  return (
    <button type="button" className="small" aria-label={say("tab.close", { name })} title={say("tab.close", { name })} onClick={() => void closeTab(id)}>
      <X size={14} aria-hidden="true" />
    </button>
  );
}

function ActiveTab() {
  const say = useSay();
  const title = useDocuments((state) => state.history.now.graph.title);
  const past = useTabs((state) => activeIn(state).past);
  useEffect(() => {
    document.title = title === "" ? "Diorama" : `${title} – Diorama`;
  }, [title]);
  return (
    <>
      <input
        className="box title"
        type="text"
        aria-label={say("graph.title")}
        placeholder={say("graph.untitled")}
        value={title}
        readOnly={past !== null}
        size={Math.max(12, Math.min(32, title.length + 1))}
        onChange={(event) => edit("deed.title", (draft) => ({ ...draft, graph: { ...draft.graph, title: event.target.value } }), { key: "title" })}
      />
      {past === null ? <SavedState /> : <span className="saved">{say("past.readOnly")}</span>}
    </>
  );
}

/** How the graph on the canvas is kept, and what that leads to: its versions, or what another saved. */
function SavedState() {
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
