/** The page: bar above, rail and panel to the left, canvas, inspector to the right. */

import { ReactFlowProvider } from "@xyflow/react";
import { lazy, Suspense } from "react";

import { Canvas } from "../canvas/Canvas.tsx";
import { EmptyState } from "../canvas/EmptyState.tsx";
import { NodeSearch } from "../canvas/NodeSearch.tsx";
import { ZoomBar } from "../canvas/ZoomBar.tsx";
import { Dock, SceneApart } from "../panels/Dock.tsx";
import { Inspector } from "../panels/Inspector.tsx";
import { PastBanner } from "../panels/runs/PastBanner.tsx";
import { useDocuments } from "../state/documents.ts";
import { useMasking } from "../state/masking.ts";
import { useSay } from "../state/preferences.ts";
import { useIsForm } from "../state/width.ts";
import { useViews } from "../state/views.ts";
import { useTour } from "../state/tour.ts";
import { CommandPalette } from "./CommandPalette.tsx";
import { Comparison, Dialogs } from "./Dialogs.tsx";
import { CrumbBar } from "./CrumbBar.tsx";
import { Finder } from "./Finder.tsx";
import { Rail } from "./Rail.tsx";
import { Toast } from "./Toast.tsx";
import { TopBar } from "./TopBar.tsx";
import { useDrops } from "./useDrops.ts";
import { useKeys } from "./useKeys.ts";

const FormView = lazy(() => import("../form/FormView.tsx"));
const ContextMenu = lazy(() => import("../canvas/ContextMenu.tsx"));
const MaskEditor = lazy(() => import("../mask/MaskEditor.tsx"));

const Coach = lazy(() => import("./Coach.tsx").then((module) => ({ default: module.Coach })));

export function App() {
  const say = useSay();
  useKeys();
  useDrops();
  const isTour = useTour((state) => state.step !== null || state.proposed !== null);
  const isReady = useDocuments((state) => state.catalogue.nodes.size > 0);
  const isEmpty = useDocuments((state) => state.history.now.graph.nodes.size + state.history.now.view.notes.size === 0);
  const search = useViews((state) => state.search);
  const isPaletteOpen = useViews((state) => state.isPaletteOpen);
  const isFindOpen = useViews((state) => state.isFindOpen);
  const isForm = useIsForm();
  const mask = useMasking();
  const menu = useViews((state) => state.menu);
  return (
    <ReactFlowProvider>
      <TopBar />
      {isForm ? (
        <Suspense fallback={null}>
          <CrumbBar />
          <FormView />
        </Suspense>
      ) : (
      <div className="work">
        <Rail />
        <div className="middle">
          <PastBanner />
          <CrumbBar />
          <main aria-label={say("canvas")}>
            <Canvas />
            {isReady && isEmpty && <EmptyState />}
            <ZoomBar />
            {isFindOpen && <Finder />}
          </main>
          <Dock />
        </div>
        <SceneApart />
        <Inspector />
      </div>
      )}
      {menu !== null && (
        <Suspense fallback={null}>
          <ContextMenu at={menu} />
        </Suspense>
      )}
      {mask !== null && (
        <Suspense fallback={null}>
          <MaskEditor now={mask} />
        </Suspense>
      )}
      {search !== null && <NodeSearch at={search} />}
      {isPaletteOpen && <CommandPalette />}
      {isTour && <Suspense fallback={null}><Coach /></Suspense>}
      <Dialogs />
      <Comparison />
      <Toast />
    </ReactFlowProvider>
  );
}
