/** What stands in the dock's tabs: each fetched when it is first looked at. */

import { type ComponentType, lazy, type LazyExoticComponent } from "react";

import type { DockTab } from "../state/dock.ts";

type Content = LazyExoticComponent<ComponentType>;

/** A tab without content says that there is nothing to show. */
export const DOCK_CONTENTS: Readonly<Partial<Record<DockTab, Content>>> = {
  scene: lazy(() => import("../viewer/SceneDock.tsx").then(({ SceneDock }) => ({ default: SceneDock }))),
  timeline: lazy(() => import("../viewer/TimelineDock.tsx").then(({ TimelineDock }) => ({ default: TimelineDock }))),
  log: lazy(() => import("./Log.tsx").then(({ Log }) => ({ default: Log }))),
};
