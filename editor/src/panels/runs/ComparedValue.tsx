/** One result of two runs: pictures with a slider, models turned as one, sounds one after the other, all else as text. */

import { lazy, Suspense, useCallback, useRef, useState } from "react";

import type { Given } from "../../api/calls.ts";
import { contentOf, thumbnailOf } from "../../api/runs.ts";
import { useSay } from "../../state/preferences.ts";
import { shownAs } from "../../viewer/shown.ts";
import type { CameraPose } from "../../viewer/engine/index.ts";
import type { Shown } from "../../viewer/useView.ts";
import { ComparedSounds } from "./ComparedSounds.tsx";

const Model = lazy(() => import("../../viewer/Model.tsx").then((module) => ({ default: module.Model })));

interface ComparedProps {
  readonly name: string;
  readonly before: Given | undefined;
  readonly after: Given | undefined;
  readonly names: readonly [string, string];
}

export function ComparedValue({ name, before, after, names }: ComparedProps) {
  const say = useSay();
  return (
    <section className="compared" aria-label={name} data-testid={`compared:${name}`}>
      <h4>
        {name}
        {before !== undefined && after !== undefined && isSame(before, after) && <span className="count"> {say("runs.same")}</span>}
      </h4>
      <Values name={name} before={before} after={after} names={names} />
    </section>
  );
}

function Values({ name, before, after, names }: ComparedProps) {
  const as = before === undefined ? null : shownAs(before);
  const isAlike = after !== undefined && as === shownAs(after);
  if (before?.kind === "artefact" && after?.kind === "artefact" && isAlike) {
    const digests = [before.digest, after.digest] as const;
    if (as === "image") return <Slider name={name} digests={digests} names={names} />;
    if (as === "model") return <Twins digests={digests} names={names} />;
    if (as === "sound") return <ComparedSounds digests={digests} names={names} />;
  }
  return (
    <div className="twins">
      {[before, after].map((given, side) => (
        <figure key={names[side]}>
          <figcaption>{names[side]}</figcaption>
          <Plain given={given} />
        </figure>
      ))}
    </div>
  );
}

function Plain({ given }: { readonly given: Given | undefined }) {
  const say = useSay();
  if (given === undefined) return <p className="help">{say("runs.notThere")}</p>;
  if (given.kind === "value") return <pre>{JSON.stringify(given.value, null, 2)}</pre>;
  if (shownAs(given) === "video") return <video src={contentOf(given.digest)} controls muted playsInline />;
  if (shownAs(given) === "image") return <img src={contentOf(given.digest)} alt="" />;
  if (shownAs(given) === "motion") return <img src={thumbnailOf(given.digest, "motion")} alt="" />;
  return (
    <p>
      {given.type} <code>{given.digest.slice(0, 12)}</code>
    </p>
  );
}

interface PairProps {
  readonly digests: readonly [string, string];
  readonly names: readonly [string, string];
}

/** The earlier picture to the left of the line, the later to its right. */
function Slider({ name, digests, names }: PairProps & { readonly name: string }) {
  const say = useSay();
  const [place, setPlace] = useState(50);
  return (
    <figure className="before-after">
      <div className="before-after-pictures">
        <img src={contentOf(digests[0])} alt={names[0]} />
        <img src={contentOf(digests[1])} alt={names[1]} style={{ clipPath: `inset(0 0 0 ${String(place)}%)` }} data-testid="slider-after" />
        <i style={{ left: `${String(place)}%` }} />
        <input type="range" min={0} max={100} value={place} aria-label={say("runs.slider", { name })} onChange={(event) => setPlace(event.target.valueAsNumber)} />
      </div>
      <figcaption>
        <span>{names[0]}</span>
        <span>{names[1]}</span>
      </figcaption>
    </figure>
  );
}

/** Two models that are looked at from the same place, from the first: who turns one turns both. */
function Twins({ digests, names }: PairProps) {
  const [pose, setPose] = useState<CameraPose | undefined>(undefined);
  const there = useRef(new Map<number, Shown>());
  const arrive = useCallback((side: number, shown: Shown) => {
    const views = [...there.current.set(side, shown)].sort(([a], [b]) => a - b).map(([, one]) => one.view);
    if (views.length === SIDES) setPose(shown.engine.commonPose(views));
  }, []);
  return (
    <div className="twins">
      {digests.map((digest, side) => (
        <Twin key={names[side]} digest={digest} side={side} name={names[side] ?? ""} pose={pose} onPose={setPose} onArrival={arrive} />
      ))}
    </div>
  );
}

const SIDES = 2;

interface TwinProps {
  readonly digest: string;
  readonly side: number;
  readonly name: string;
  readonly pose: CameraPose | undefined;
  readonly onPose: (pose: CameraPose) => void;
  readonly onArrival: (side: number, shown: Shown) => void;
}

function Twin({ digest, side, name, pose, onPose, onArrival }: TwinProps) {
  const told = useCallback((shown: Shown) => onArrival(side, shown), [onArrival, side]);
  return (
    <figure>
      <div className="twin">
        <Suspense fallback={null}>
          <Model digest={digest} label={name} camera={pose} onCamera={onPose} onShown={told} helps={{ grid: true }} />
        </Suspense>
      </div>
      <figcaption>{name}</figcaption>
    </figure>
  );
}

function isSame(one: Given, other: Given): boolean {
  if (one.kind === "artefact" && other.kind === "artefact") return one.digest === other.digest;
  return one.kind === "value" && other.kind === "value" && JSON.stringify(one.value) === JSON.stringify(other.value);
}
