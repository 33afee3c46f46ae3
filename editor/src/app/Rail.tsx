/** The rail to the left, which opens one panel at a time. */

import { Cpu, History, Images, LayoutTemplate, ListTree, Settings, Shapes } from "lucide-react";
import { lazy, Suspense } from "react";

import { NodePalette } from "../panels/NodePalette.tsx";
import { Outline } from "../panels/Outline.tsx";
import { Templates } from "../panels/Templates.tsx";
import { runCommand, shortcutOf } from "../state/commands.ts";
import { useSay } from "../state/preferences.ts";
import { useViews } from "../state/views.ts";

const QueuePanel = lazy(() => import("../panels/QueuePanel.tsx").then((module) => ({ default: module.QueuePanel })));
const Versions = lazy(() => import("../panels/Versions.tsx").then((module) => ({ default: module.Versions })));

const AssetsPanel = lazy(() => import("../panels/AssetsPanel.tsx").then((module) => ({ default: module.AssetsPanel })));
const RunsPanel = lazy(() => import("../panels/RunsPanel.tsx").then((module) => ({ default: module.RunsPanel })));
const DevicesPanel = lazy(() => import("../panels/DevicesPanel.tsx").then((module) => ({ default: module.DevicesPanel })));
const SettingsPanel = lazy(() => import("../panels/SettingsPanel.tsx").then((module) => ({ default: module.SettingsPanel })));

const PANELS = [
  { id: "nodes", icon: Shapes, content: NodePalette },
  { id: "assets", icon: Images, content: AssetsPanel },
  { id: "templates", icon: LayoutTemplate, content: Templates },
  { id: "outline", icon: ListTree, content: Outline },
  { id: "runs", icon: History, content: RunsPanel },
] as const;
/** Panels at the foot of the rail. */
const LAST = [
  { id: "devices", icon: Cpu, content: DevicesPanel },
  { id: "settings", icon: Settings, content: SettingsPanel },
] as const;
/** Panels that are opened from elsewhere, in the same place. */
const OTHERS = [{ id: "queue", content: QueuePanel }, { id: "versions", content: Versions }] as const;

export function Rail() {
  const say = useSay();
  const open = useViews((state) => state.panel);
  const shown = [...PANELS, ...LAST, ...OTHERS].find((panel) => panel.id === open);
  const Content = shown?.content;
  return (
    <>
      <nav className="rail" aria-label={say("panels")}>
        {PANELS.map((panel) => (
          <RailButton key={panel.id} panel={panel} />
        ))}
        <span className="spring" />
        {LAST.map((panel) => (
          <RailButton key={panel.id} panel={panel} />
        ))}
      </nav>
      {shown !== undefined && Content !== undefined && (
        <section className="panel" aria-label={say(`panel.${shown.id}`)}>
          <Suspense fallback={<p className="none">{say("loading")}</p>}>
            <Content />
          </Suspense>
        </section>
      )}
    </>
  );
}

function RailButton({ panel: { id, icon: Icon } }: { readonly panel: (typeof PANELS)[number] | (typeof LAST)[number] }) {
  const say = useSay();
  const isOpen = useViews((state) => state.panel === id);
  return (
    <button type="button" className="rail-button" aria-pressed={isOpen} title={`${say(`panel.${id}`)} (${shortcutOf(id)})`} data-testid={`rail:${id}`} onClick={() => runCommand(id)}>
      <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
      <span>{say(`panel.${id}`)}</span>
    </button>
  );
}
