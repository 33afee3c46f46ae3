/** The graphs that are open. The one on the canvas shows its title, to be changed, and how it is kept. */

import { History, Plus, X } from "lucide-react";
import { useEffect } from "react";

import { closeTab, newGraph, switchTo } from "../state/switching.ts";
import { edit, useDocuments } from "../state/documents.ts";
import { goToDepth } from "../state/levels.ts";
import { useSay } from "../state/preferences.ts";
import { activeIn, isChanged, type Tab, useTabs } from "../state/tabs.ts";
import { SavedState } from "./SavedState.tsx";

export function TabStrip() {
  const say = useSay();
  const open = useTabs((state) => state.open);
  const root = useTabs((state) => state.root);
  const isInside = useTabs((state) => state.active !== state.root);
  const row = open.filter((tab) => !tab.isInner);
  return (
    <nav className="tabs" aria-label={say("tabs")}>
      <ul>
        {row.map((tab) => (
          <li key={tab.id} className={tab.id === root ? "tab is-active" : "tab"} data-testid="tab" aria-current={tab.id === root ? "page" : undefined}>
            {tab.id !== root ? <OtherTab tab={tab} /> : isInside ? <OtherTab tab={tab} onPress={() => goToDepth(0)} /> : <ActiveTab />}
            <CloseButton id={tab.id} title={tab.id === root && !isInside ? null : tab.history.now.graph.title} isAlone={row.length === 1} />
          </li>
        ))}
      </ul>
      <button type="button" className="tool" aria-label={say("command.new")} title={say("command.new")} data-testid="new-tab" onClick={newGraph}>
        <Plus size={16} aria-hidden="true" />
      </button>
    </nav>
  );
}

/** A tab whose graph is not on the canvas: another, or the one that is looked into. */
function OtherTab({ tab, onPress = () => switchTo(tab.id) }: { readonly tab: Tab; readonly onPress?: () => void }) {
  const say = useSay();
  const { title } = tab.history.now.graph;
  const state = tab.past !== null ? "past.label" : isChanged(tab) ? "graph.changed" : tab.saved === null ? "graph.unnamed" : "graph.kept";
  return (
    <button type="button" className="tab-name" title={say(state)} onClick={onPress}>
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
