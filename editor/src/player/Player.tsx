/** A scene and nothing else: turned with the pointer, played, looked at as it was filmed. */

import { Camera, Grid3x3, Info, RotateCcw, ScanLine } from "lucide-react";
import { useEffect, useMemo, useState } from "react";

import { useSay } from "../state/preferences.ts";
import { sceneClock, useClockOn } from "../viewer/clockStore.ts";
import type { Helps, Stats } from "../viewer/engine/index.ts";
import { prepare } from "../viewer/playback.ts";
import { Trouble } from "../viewer/Trouble.tsx";
import { Tool, useStats } from "../viewer/Tool.tsx";
import { Figures } from "../viewer/Figures.tsx";
import { Transport } from "../viewer/Transport.tsx";
import { useView } from "../viewer/useView.ts";

export interface Played {
  readonly title: string;
  /** What the source of bytes knows the scene and its sounds by. */
  readonly scene: string;
  readonly sounds: readonly string[];
}

const HELPS = [
  { id: "filmed", icon: Camera, words: "viewer.filmed" },
  { id: "grid", icon: Grid3x3, words: "viewer.grid" },
  { id: "wireframe", icon: ScanLine, words: "viewer.wireframe" },
] as const;

export function Player({ title, scene, sounds }: Played) {
  const say = useSay();
  const [helps, setHelps] = useState<Helps>({ grid: false, wireframe: false, lights: true, turning: false, filmed: true });
  const [stats, setStats] = useState<Stats | null>(null);
  const [isCounting, setCounting] = useState(false);
  const onStats = useStats(isCounting, setStats);
  // Whoever turns the scene looks for themselves from then on.
  const onCamera = useMemo(() => () => setHelps((now) => (now.filmed ? { ...now, filmed: false } : now)), []);
  const { canvas, shown, trouble } = useView({ digest: scene, helps, onStats, onCamera });
  useClockOn(shown, sceneClock);
  const seconds = shown?.staged.content.seconds ?? 0;
  useEffect(() => {
    const heard = sounds.map((digest) => ({ id: digest, kind: "sound" as const, label: "", node: "", bars: [], marks: [], digest, isHeard: true }));
    prepare({ seconds, rows: heard, beats: [], stems: [] });
  }, [seconds, sounds]);
  return (
    <main className="player" data-testid="player" data-state={trouble ?? (shown === null ? "loading" : "shown")}>
      <div className="scene-view">
        <canvas ref={canvas} className={trouble === null ? "" : "is-off"} role="img" aria-label={say("viewer.model", { name: title })} tabIndex={0} />
        {shown === null && trouble === null && <p className="none scene-none">{say("loading")}</p>}
        {trouble !== null && <Trouble trouble={trouble} />}
        {title !== "" && <h1 className="player-title">{title}</h1>}
        <div className="scene-tools" role="toolbar" aria-label={say("scene.tools")}>
          <Tool icon={RotateCcw} words="viewer.reset" onPress={() => shown?.view.reset()} />
          {HELPS.filter(({ id }) => id !== "filmed" || shown?.staged.content.camera != null).map(({ id, icon, words }) => (
            <Tool key={id} icon={icon} words={words} isPressed={helps[id]} onPress={() => setHelps((now) => ({ ...now, [id]: !now[id] }))} />
          ))}
          <Tool icon={Info} words="viewer.stats" isPressed={isCounting} onPress={() => setCounting(!isCounting)} />
        </div>
        {isCounting && stats !== null && <Figures stats={stats} />}
      </div>
      {seconds > 0 && <Transport seconds={seconds} hasSound={sounds.length > 0} />}
    </main>
  );
}
