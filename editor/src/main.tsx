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
import "./theme/widgets.css";
import "./theme/log.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { fetchCatalogue } from "./api/library.ts";
import { App } from "./app/App.tsx";
import { HANDED } from "./canvas/dropFiles.ts";
import { open, openText } from "./state/files.ts";
import { keepChanges, keptHere } from "./state/keeping.ts";
import { followAgain, planChanges } from "./state/running.ts";
import { keepRecord } from "./state/record.ts";
import { followQueue } from "./state/queue.ts";
import { followTheme } from "./state/preferences.ts";
import { setCatalogue } from "./state/documents.ts";
import { toast } from "./state/views.ts";
import { offerReadings, tellReady } from "./state/window.ts";

async function begin(): Promise<void> {
  const reply = await fetchCatalogue();
  if (reply.isOk) setCatalogue(reply.value);
  else toast(reply.said);
  const handed = localStorage.getItem(HANDED);
  if (handed !== null) {
    localStorage.removeItem(HANDED);
    await openText(handed);
  } else {
    const kept = await keptHere().catch(() => undefined);
    if (kept !== undefined) await open(kept);
  }
  keepChanges();
  planChanges();
  followQueue();
  keepRecord();
  await followAgain();
  tellReady();
}

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no place for the editor");
followTheme(document.documentElement);
offerReadings();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
void begin();
