/** Starts the editor: what is kept is opened, node types are asked for, the page is drawn. */

import "@xyflow/react/dist/base.css";
import "./theme/tokens.css";
import "./theme/base.css";
import "./theme/canvas.css";
import "./theme/panels.css";
import "./theme/viewer.css";
import "./theme/dock.css";
import "./theme/queue.css";
import "./theme/form.css";
import "./theme/menu.css";
import "./theme/curve.css";
import "./theme/widgets.css";
import "./theme/log.css";
import "./theme/runs.css";
import "./theme/assets.css";
import "./theme/machine.css";
import "./theme/documents.css";
import "./theme/levels.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { fetchCatalogue } from "./api/library.ts";
import { onKeyWanted } from "./api/key.ts";
import { App } from "./app/App.tsx";
import { reopenPast } from "./state/past.ts";
import { keepRecord } from "./state/record.ts";
import { readAddress } from "./core/address.ts";
import { followAddress, openAddress } from "./state/address.ts";
import { showDialog } from "./state/dialogs.ts";
import { openText, takeHanded } from "./state/files.ts";
import { hold, keepChanges, tabsKept } from "./state/keeping.ts";
import { followOthers } from "./state/presence.ts";
import { planChanges } from "./state/running.ts";
import { followQueue } from "./state/queue.ts";
import { followTheme } from "./state/preferences.ts";
import { setCatalogue } from "./state/documents.ts";
import { followServer } from "./state/saving.ts";
import { openKept } from "./state/switching.ts";
import { activeTab } from "./state/tabs.ts";
import { toast } from "./state/views.ts";
import { offerReadings, tellReady } from "./state/window.ts";
import { offerSplats } from "./viewer/engine/splatReader.ts";

async function begin(): Promise<void> {
  onKeyWanted(() => showDialog({ kind: "key" }));
  const reply = await fetchCatalogue();
  if (reply.isOk) setCatalogue(reply.value);
  else toast(reply.said);
  keepRecord();
  const kept = await tabsKept().catch(() => ({ found: [], active: "" }));
  openKept(kept.found, kept.active);
  void hold(activeTab().id);
  const handed = takeHanded();
  if (handed !== null) await openText(handed);
  else await openAddress(readAddress(location.pathname, location.search));
  await reopenPast(handed === null);
  keepChanges();
  planChanges();
  followQueue();
  followOthers();
  followServer();
  followAddress();
  tellReady();
}

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no place for the editor");
followTheme(document.documentElement);
offerReadings();
offerSplats(() => import("./viewer/engine/splats.ts"));
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
void begin();
