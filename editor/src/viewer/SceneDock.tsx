/** The scene of the graph: each object is added when its node ends; objects and nodes are selected together. */

import { Box, Camera, Eye, Grid3x3, Info, Lightbulb, RotateCcw, ScanLine, Share2 } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from "react";

import { thumbnailOf } from "../api/runs.ts";
import { useSay } from "../state/preferences.ts";
import { select, useViews } from "../state/views.ts";
import type { PlainKey } from "../words/say.ts";
import type { Helps, Pieces, Stats, Thing } from "./engine/index.ts";
import { Figures } from "./Figures.tsx";
import { Still } from "./Model.tsx";
import { hasPlaces, heardIn } from "./playback.ts";
import { ShareDialog } from "./ShareDialog.tsx";
import { Tool, useStats } from "./Tool.tsx";
import { Trouble } from "./Trouble.tsx";
import { makersNow, useAssembly } from "./useAssembly.ts";
import { sceneClock, useClockOn } from "./clockStore.ts";
import { Transport } from "./Transport.tsx";
import { useSpace } from "./useSpace.ts";
import { useTimeline } from "./useTimeline.ts";
import { type Shown, useView } from "./useView.ts";

/** A thing of the view with the nodes that it comes from. */
interface Owned {
  readonly thing: Thing;
  readonly nodes: readonly string[];
}

const HELPS = [
  { id: "grid", icon: Grid3x3, words: "viewer.grid" },
  { id: "wireframe", icon: ScanLine, words: "viewer.wireframe" },
  { id: "lights", icon: Lightbulb, words: "viewer.lights" },
  { id: "filmed", icon: Camera, words: "viewer.filmed" },
] as const satisfies readonly { readonly id: keyof Helps; readonly icon: typeof Box; readonly words: PlainKey }[];

const AT_FIRST: Helps = { grid: false, wireframe: false, lights: true, turning: false, filmed: false };

export function SceneDock() {
  const say = useSay();
  const assembly = useAssembly();
  const timeline = useTimeline();
  const [helps, setHelps] = useState(AT_FIRST);
  const [stats, setStats] = useState<Stats | null>(null);
  const [isCounting, setCounting] = useState(false);
  const [isSharing, setSharing] = useState(false);
  const digest = assembly.base?.digest ?? null;
  const onStats = useStats(isCounting, setStats);
  const { canvas, shown, trouble } = useView({ digest, helps, onStats, keepsCamera: true });
  const owned = useOwned(shown, assembly);
  const { hidden, hide, showAll } = useHidden(shown, owned);
  useMarks(shown, owned);
  useClockOn(shown, sceneClock);
  useSpace(shown);
  const press = usePress(shown, owned);
  const isEmpty = assembly.base === null && assembly.pieces.length === 0;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Delete" && event.key !== "Backspace") return;
    // The key means the object in this view: the graph is asked for nothing.
    event.preventDefault();
    event.stopPropagation();
    hide();
  };
  return (
    <div className="scene" data-testid="scene" data-objects={owned.length} data-base={assembly.base?.node ?? ""} onKeyDown={onKeyDown}>
      <Things owned={owned} hidden={hidden} />
      <div className="scene-main">
      <div className="scene-view">
        {digest !== null && trouble !== null && <Still address={thumbnailOf(digest)} isShown />}
        <canvas ref={canvas} className={trouble === null ? "" : "is-off"} role="img" aria-label={say("scene.label", { count: owned.length })} tabIndex={0} {...press} />
        {trouble !== null && <Trouble trouble={trouble} />}
        {isEmpty && <p className="none scene-none">{say("dock.scene.none")}</p>}
        <div className="scene-tools" role="toolbar" aria-label={say("scene.tools")}>
          <Tool icon={RotateCcw} words="viewer.reset" onPress={() => shown?.view.reset()} />
          {HELPS.map(({ id, icon, words }) => (
            <Tool key={id} icon={icon} words={words} isPressed={helps[id]} onPress={() => setHelps((now) => ({ ...now, [id]: !now[id] }))} />
          ))}
          <Tool icon={Info} words="viewer.stats" isPressed={isCounting} onPress={() => setCounting(!isCounting)} />
          {digest !== null && <Tool icon={Share2} words="share" onPress={() => setSharing(true)} />}
          {hidden.size > 0 && <Tool icon={Eye} words="scene.showAll" onPress={showAll} />}
        </div>
        {isCounting && stats !== null && <Figures stats={stats} />}
      </div>
      {isSharing && digest !== null && <ShareDialog scene={digest} sounds={heardIn(timeline)} onClose={() => setSharing(false)} />}
      {timeline.seconds > 0 && <Transport seconds={timeline.seconds} hasSound={timeline.rows.some(({ isHeard }) => isHeard)} hasPlaces={hasPlaces(timeline)} />}
      </div>
    </div>
  );
}

/** The pieces in the view, and of everything in it the nodes that it comes from. */
function useOwned(shown: Shown | null, assembly: ReturnType<typeof useAssembly>): readonly Owned[] {
  const pieces = useRef<Pieces | null>(null);
  const [, setChanges] = useState(0);
  useEffect(() => {
    if (shown === null) return undefined;
    const made = new shown.engine.Pieces(shown.engine.library, () => {
      shown.view.beside({ root: made.root, things: made.things, painter: made.painter });
      setChanges((count) => count + 1);
    });
    pieces.current = made;
    return () => {
      pieces.current = null;
      made.dispose();
    };
  }, [shown]);
  useEffect(() => pieces.current?.show(assembly.pieces), [shown, assembly.pieces]);
  const base = assembly.base?.node;
  const within = useMemo(() => {
    if (shown === null || base === undefined) return [];
    const orders = new Map<string, number>();
    return shown.staged.content.things.map((thing) => {
      const order = orders.get(thing.role) ?? 0;
      orders.set(thing.role, order + 1);
      return { thing, nodes: makersNow(base, { role: thing.role, vertices: thing.vertices, order }) };
    });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what nodes gave tells who made what
  }, [shown, base, assembly.version]);
  const beside = (shown?.view.things ?? []).flatMap((thing) => ("piece" in thing ? [thing] : []));
  return [...within, ...beside.map((thing) => ({ thing, nodes: nodesOf(thing) }))];
}

function nodesOf(thing: Thing): readonly string[] {
  if (!("piece" in thing) || typeof thing.piece !== "object" || thing.piece === null || !("node" in thing.piece)) return [];
  return typeof thing.piece.node === "string" ? [thing.piece.node] : [];
}

/** Objects of the selected nodes are marked. */
function useMarks(shown: Shown | null, owned: readonly Owned[]): void {
  const selected = useViews((state) => state.nodes);
  const marked = owned.filter(({ nodes }) => nodes.some((node) => selected.has(node)));
  const names = marked.map(({ thing }) => thing.object.uuid).join(" ");
  useEffect(() => {
    shown?.view.mark(marked.map(({ thing }) => thing));
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the objects are known by their ids
  }, [shown, names]);
}

/** A press without a drag selects what is there, or nothing. */
function usePress(shown: Shown | null, owned: readonly Owned[]) {
  const down = useRef<readonly [number, number] | null>(null);
  return {
    onPointerDown: (event: PointerEvent<HTMLCanvasElement>) => {
      down.current = [event.clientX, event.clientY];
      event.currentTarget.focus({ preventScroll: true });
    },
    onPointerUp: (event: PointerEvent<HTMLCanvasElement>) => {
      const from = down.current;
      down.current = null;
      if (shown === null || from === null || Math.hypot(event.clientX - from[0], event.clientY - from[1]) > 4) return;
      const box = event.currentTarget.getBoundingClientRect();
      const thing = shown.view.pick((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
      select({ nodes: new Set(owned.find((one) => one.thing.object === thing?.object)?.nodes ?? []) });
    },
  };
}

function useHidden(shown: Shown | null, owned: readonly Owned[]) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const selected = useViews((state) => state.nodes);
  useEffect(() => {
    shown?.view.hide(new Set(owned.map(({ thing }) => thing.object).filter((object) => hidden.has(object.uuid))));
    // eslint-disable-next-line react-hooks/exhaustive-deps -- objects that come later are not hidden yet
  }, [shown, hidden]);
  const hide = () => {
    const chosen = owned.filter(({ nodes }) => nodes.some((node) => selected.has(node))).map(({ thing }) => thing.object.uuid);
    if (chosen.length > 0) setHidden(new Set([...hidden, ...chosen]));
  };
  return { hidden, hide, showAll: () => setHidden(new Set()) };
}

/** The objects by name: what the canvas shows to those who see it. */
function Things({ owned, hidden }: { readonly owned: readonly Owned[]; readonly hidden: ReadonlySet<string> }) {
  const say = useSay();
  const selected = useViews((state) => state.nodes);
  if (owned.length === 0) return null;
  return (
    <ul className="things" aria-label={say("scene.objects")}>
      {owned.map(({ thing, nodes }) => (
        <li key={thing.object.uuid}>
          <button
            type="button"
            className={`thing${thing.role === "box" ? " is-box" : ""}${hidden.has(thing.object.uuid) ? " is-hidden" : ""}`}
            aria-pressed={nodes.some((node) => selected.has(node))}
            title={nodes.join(", ")}
            data-testid={`object:${thing.name}`}
            onClick={() => select({ nodes: new Set(nodes) })}
          >
            {thing.name.replaceAll("_", " ")}
          </button>
        </li>
      ))}
    </ul>
  );
}
