/** The dialog that is open. Each is fetched when it is first needed. */

import { lazy, Suspense } from "react";

import { useDialogs } from "../state/dialogs.ts";

const SaveAs = lazy(() => import("./SaveAs.tsx").then((module) => ({ default: module.SaveAs })));
const Conflict = lazy(() => import("./Conflict.tsx").then((module) => ({ default: module.Conflict })));
const OpenGraph = lazy(() => import("./OpenGraph.tsx").then((module) => ({ default: module.OpenGraph })));
const AskKey = lazy(() => import("./AskKey.tsx").then((module) => ({ default: module.AskKey })));

export function Dialogs() {
  const dialog = useDialogs((state) => state.dialog);
  if (dialog === null) return null;
  return (
    <Suspense fallback={null}>
      {dialog.kind === "saveAs" && <SaveAs tab={dialog.tab} />}
      {dialog.kind === "conflict" && <Conflict tab={dialog.tab} theirs={dialog.theirs} />}
      {dialog.kind === "open" && <OpenGraph />}
      {dialog.kind === "key" && <AskKey />}
    </Suspense>
  );
}
