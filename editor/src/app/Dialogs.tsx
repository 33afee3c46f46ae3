/** The dialog that is open. Each is fetched when it is first needed. */

import { lazy, Suspense } from "react";

import { usePastRuns } from "../state/history.ts";
import { useDialogs } from "../state/dialogs.ts";

const SaveAs = lazy(() => import("./SaveAs.tsx").then((module) => ({ default: module.SaveAs })));
const Conflict = lazy(() => import("./Conflict.tsx").then((module) => ({ default: module.Conflict })));
const OpenGraph = lazy(() => import("./OpenGraph.tsx").then((module) => ({ default: module.OpenGraph })));
const AskKey = lazy(() => import("./AskKey.tsx").then((module) => ({ default: module.AskKey })));
const UnsavedParts = lazy(() => import("./UnsavedParts.tsx").then((module) => ({ default: module.UnsavedParts })));

const CompareRuns = lazy(() => import("../panels/runs/CompareRuns.tsx").then((module) => ({ default: module.CompareRuns })));

/** Two runs that are compared. */
export function Comparison() {
  const compared = usePastRuns((state) => state.compared);
  if (compared === null) return null;
  return (
    <Suspense fallback={null}>
      <CompareRuns runs={compared} />
    </Suspense>
  );
}

export function Dialogs() {
  const dialog = useDialogs((state) => state.dialog);
  if (dialog === null) return null;
  return (
    <Suspense fallback={null}>
      {dialog.kind === "saveAs" && <SaveAs tab={dialog.tab} />}
      {dialog.kind === "conflict" && <Conflict tab={dialog.tab} theirs={dialog.theirs} />}
      {dialog.kind === "open" && <OpenGraph />}
      {dialog.kind === "unsaved" && <UnsavedParts targets={dialog.targets} />}
      {dialog.kind === "key" && <AskKey />}
    </Suspense>
  );
}
