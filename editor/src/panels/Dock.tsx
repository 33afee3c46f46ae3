/** The dock below the canvas: scene, timeline and log. Its height is dragged, or changed by keys. */

import { ChevronDown, PanelBottom, PanelRight } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, Suspense, useId } from "react";

import { DOCK_TABS, type DockTab, dock, LEAST_HEIGHT, MOST_HEIGHT, setDockHeight, setSceneApart, showDock, toggleDock, useDock } from "../state/dock.ts";
import { useSay } from "../state/preferences.ts";
import { shortcutOf } from "../state/commands.ts";
import { DOCK_CONTENTS } from "./dockContents.ts";

/** Pixels by which a key changes the height. */
const STEP = 24;

export function Dock() {
  const say = useSay();
  const isOpen = useDock((state) => state.isOpen);
  const tab = useDock((state) => state.tab);
  const height = useDock((state) => state.height);
  const isSceneApart = useDock((state) => state.isSceneApart);
  const id = useId();
  if (!isOpen) return <Closed />;
  const tabs = DOCK_TABS.filter((one) => one !== "scene" || !isSceneApart);
  const onKeyDown = (event: KeyboardEvent) => {
    const way = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = tabs[(tabs.indexOf(tab) + way + tabs.length) % tabs.length];
    if (way === 0 || next === undefined) return;
    event.preventDefault();
    showDock(next);
    document.getElementById(`${id}-${next}`)?.focus();
  };
  return (
    <section className="dock" aria-label={say("dock")} style={{ height }} data-testid="dock">
      <Sash />
      <div className="dock-head">
        <div className="dock-tabs" role="tablist" aria-label={say("dock")} onKeyDown={onKeyDown}>
          {tabs.map((one) => (
            <button
              key={one}
              id={`${id}-${one}`}
              type="button"
              role="tab"
              className="dock-tab"
              aria-selected={one === tab}
              aria-controls={`${id}-content`}
              tabIndex={one === tab ? 0 : -1}
              data-testid={`dock:${one}`}
              onClick={() => showDock(one)}
            >
              {say(`dock.${one}`)}
            </button>
          ))}
        </div>
        <span className="spring" />
        {tab === "scene" && (
          <button type="button" className="tool" aria-label={say("dock.apart")} title={say("dock.apart")} data-testid="dock-apart" onClick={() => setSceneApart(true)}>
            <PanelRight size={16} aria-hidden="true" />
          </button>
        )}
        <button type="button" className="tool" aria-label={say("dock.close")} title={say("dock.close")} data-testid="dock-close" onClick={() => dock.setState({ isOpen: false })}>
          <ChevronDown size={16} aria-hidden="true" />
        </button>
      </div>
      <div id={`${id}-content`} className="dock-content" role="tabpanel" aria-labelledby={`${id}-${tab}`} tabIndex={-1}>
        <Content tab={tab} />
      </div>
    </section>
  );
}

/** The scene beside the canvas. */
export function SceneApart() {
  const say = useSay();
  const isSceneApart = useDock((state) => state.isSceneApart);
  if (!isSceneApart) return null;
  return (
    <section className="scene-apart" aria-label={say("dock.scene")} data-testid="scene-apart">
      <div className="dock-head">
        <h2>{say("dock.scene")}</h2>
        <span className="spring" />
        <button type="button" className="tool" aria-label={say("dock.back")} title={say("dock.back")} onClick={() => setSceneApart(false)}>
          <PanelBottom size={16} aria-hidden="true" />
        </button>
      </div>
      <div className="dock-content">
        <Content tab="scene" />
      </div>
    </section>
  );
}

function Content({ tab }: { readonly tab: DockTab }) {
  const say = useSay();
  const Found = DOCK_CONTENTS[tab];
  if (Found === undefined) return <p className="none">{say(`dock.${tab}.none`)}</p>;
  return (
    <Suspense fallback={<p className="none">{say("loading")}</p>}>
      <Found />
    </Suspense>
  );
}

function Closed() {
  const say = useSay();
  return (
    <nav className="dock-closed" aria-label={say("dock")}>
      {DOCK_TABS.map((tab) => (
        <button key={tab} type="button" className="dock-tab" title={shortcutOf(tab)} data-testid={`dock:${tab}`} onClick={() => toggleDock(tab)}>
          {say(`dock.${tab}`)}
        </button>
      ))}
    </nav>
  );
}

/** The upper edge, by which the height is changed. */
function Sash() {
  const say = useSay();
  const height = useDock((state) => state.height);
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    const { currentTarget: sash, clientY } = event;
    const before = dock.getState().height;
    sash.setPointerCapture(event.pointerId);
    sash.onpointermove = (move) => setDockHeight(before + clientY - move.clientY);
    sash.onlostpointercapture = () => (sash.onpointermove = null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = { ArrowUp: height + STEP, ArrowDown: height - STEP, Home: LEAST_HEIGHT, End: MOST_HEIGHT }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setDockHeight(next);
  };
  return (
    <div
      className="dock-sash"
      role="separator"
      aria-orientation="horizontal"
      aria-label={say("dock.height")}
      aria-valuenow={height}
      aria-valuemin={LEAST_HEIGHT}
      aria-valuemax={MOST_HEIGHT}
      tabIndex={0}
      data-testid="dock-sash"
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}
