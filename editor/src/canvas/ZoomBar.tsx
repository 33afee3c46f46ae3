/** Zoom, fit and minimap, in the lower left corner. */

import { Map as MapIcon, Maximize, Minus, Plus } from "lucide-react";

import { useState } from "react";

import { runCommand, shortcutOf } from "../state/commands.ts";
import { usePreferences, useSay } from "../state/preferences.ts";
import { useViews } from "../state/views.ts";
import { Minimap } from "./Minimap.tsx";

export function ZoomBar() {
  const say = useSay();
  const zoom = useViews((state) => Math.round(state.zoom * 100));
  const isMinimapShown = usePreferences((state) => state.isMinimapShown);
  const [isPeeking, setPeeking] = useState(false);
  return (
    <div className="corner" onPointerLeave={() => setPeeking(false)}>
      {(isMinimapShown || isPeeking) && <Minimap />}
      <div className="zoom" role="toolbar" aria-label={say("zoom.bar")}>
        <button type="button" className="tool" aria-label={say("command.zoomOut")} title={`${say("command.zoomOut")} (${shortcutOf("zoomOut")})`} onClick={() => runCommand("zoomOut")}>
          <Minus size={14} aria-hidden="true" />
        </button>
        <button type="button" className="tool percent" title={say("command.zoomWhole")} onClick={() => runCommand("zoomWhole")}>
          {say("percent", { value: zoom })}
        </button>
        <button type="button" className="tool" aria-label={say("command.zoomIn")} title={`${say("command.zoomIn")} (${shortcutOf("zoomIn")})`} onClick={() => runCommand("zoomIn")}>
          <Plus size={14} aria-hidden="true" />
        </button>
        <button type="button" className="tool" aria-label={say("command.fit")} title={`${say("command.fit")} (${shortcutOf("fit")})`} data-testid="fit" onClick={() => runCommand("fit")}>
          <Maximize size={14} aria-hidden="true" />
        </button>
        <button type="button" className="tool" aria-label={say("command.minimap")} aria-pressed={isMinimapShown} onPointerEnter={() => setPeeking(true)} title={`${say("command.minimap")} (${shortcutOf("minimap")})`} onClick={() => runCommand("minimap")}>
          <MapIcon size={14} aria-hidden="true" />
        </button>
      </div>
    </div>
  );
}
