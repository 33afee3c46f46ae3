/** What tests may read of the editor through `window.__editor`; nothing of it acts. */

import { draftText } from "../core/draft.ts";
import { COMMAND_IDS, commandOf, shortcutOf } from "./commands.ts";
import { pathText } from "../core/levels.ts";
import { documents, draftNow } from "./documents.ts";
import { sayNow } from "./preferences.ts";
import { running } from "./running.ts";
import { statusBoard } from "./runs.ts";
import { readings } from "../viewer/readings.ts";
import { rootTab } from "./tabs.ts";
import { views } from "./views.ts";

const READINGS = {
  /** Whether node types are known and what was to be opened is open. */
  isReady: () => isReady,
  document: () => draftText(draftNow()),
  undoSteps: () => documents.getState().history.past.length,
  selection: () => ({ nodes: [...views.getState().nodes], frames: [...views.getState().frames], notes: [...views.getState().notes], links: [...views.getState().links] }),
  focused: () => views.getState().focused,
  zoom: () => views.getState().zoom,
  run: () => running.getState().run?.id ?? null,
  isGoing: () => running.getState().isGoing,
  /** The way to the graph on the canvas from that of the tab. */
  level: () => pathText(rootTab().trail),
  status: (name: string) => ({ ...statusBoard.get(name) }),
  /** Every command: what it is called, and its keys. */
  commands: () => COMMAND_IDS.map((id) => [sayNow()(commandOf(id).title), shortcutOf(id)]),
  flushes: () => statusBoard.flushes,
  /** What of the scene's time is shown, and what is heard. */
  moment: () => ({ ...readings }),
} as const;

let isReady = false;

export function tellReady(): void {
  isReady = true;
}

export function offerReadings(): void {
  Object.defineProperty(window, "__editor", { value: Object.freeze(READINGS) });
}
