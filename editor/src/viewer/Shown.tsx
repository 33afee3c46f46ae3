/** A value as it is looked at and heard: a model that turns, a picture, a wave with a button, a film, a plan as text. */

import { Pause, Play } from "lucide-react";
import { lazy, Suspense, useSyncExternalStore } from "react";

import type { Given } from "../api/calls.ts";
import { contentOf, thumbnailOf } from "../api/runs.ts";
import { preferences, useSay } from "../state/preferences.ts";
import { seekPlaying, togglePlaying, usePlaying } from "./playing.ts";
import { linesOf, shownAs } from "./shown.ts";

const Model = lazy(() => import("./Model.tsx").then((module) => ({ default: module.Model })));
const Moving = lazy(() => import("./Moving.tsx").then((module) => ({ default: module.Moving })));

interface Props {
  readonly name: string;
  readonly given: Given;
  /** In a node there is little room, and the wheel is the canvas's. */
  readonly isSmall: boolean;
}

export function Shown({ name, given, isSmall }: Props) {
  const say = useSay();
  const isCalm = useCalm();
  const as = shownAs(given);
  if (as === "text") return <Lines value={given.kind === "value" ? given.value : null} />;
  if (given.kind === "value" || as === null) return null;
  const { digest } = given;
  switch (as) {
    case "model":
      return (
        <Suspense fallback={<img className="still" src={thumbnailOf(digest)} alt="" draggable={false} />}>
          <Model digest={digest} label={say("viewer.model", { name })} helps={{ turning: isSmall && !isCalm, grid: !isSmall }} canZoom={!isSmall} />
        </Suspense>
      );
    case "motion":
      return (
        <Suspense fallback={<img className="still" src={thumbnailOf(digest, "motion")} alt="" draggable={false} />}>
          <Moving digest={digest} name={name} facts={given.facts} isSmall={isSmall} isCalm={isCalm} />
        </Suspense>
      );
    case "image":
      return <img className="still" src={isSmall ? thumbnailOf(digest) : contentOf(digest)} alt={say("preview.picture", { name })} loading="lazy" draggable={false} />;
    case "video":
      return <video className="still" src={contentOf(digest)} aria-label={say("preview.film", { name })} muted loop playsInline controls={!isSmall} autoPlay={isSmall && !isCalm} />;
    case "sound":
      return <Sound name={name} digest={digest} />;
  }
}

/** A plan, a line for each thing that it says. */
export function Lines({ value }: { readonly value: unknown }) {
  return (
    <dl className="lines">
      {linesOf(value).map(({ label, text }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd title={text}>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The wave form of a sound; pressing plays it, and shows how far it is. */
export function Sound({ name, digest }: { readonly name: string; readonly digest: string }) {
  const say = useSay();
  const isMine = usePlaying((state) => state.digest === digest);
  const isPlaying = usePlaying((state) => state.digest === digest && state.isPlaying);
  const fraction = usePlaying((state) => (state.digest === digest ? state.fraction : 0));
  const words = `${say(isPlaying ? "preview.pause" : "preview.play")}: ${say("preview.sound", { name })}`;
  return (
    <div className="sound">
      <button type="button" className="sound-button nodrag" aria-label={words} title={words} data-testid={`play:${name}`} onClick={() => togglePlaying(digest)}>
        {isPlaying ? <Pause size={14} fill="currentColor" aria-hidden="true" /> : <Play size={14} fill="currentColor" aria-hidden="true" />}
      </button>
      <div
        className="sound-wave nodrag"
        onPointerDown={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          if (isMine) seekPlaying((event.clientX - box.left) / box.width);
        }}
      >
        <img src={thumbnailOf(digest)} alt="" draggable={false} />
        {isMine && <i style={{ left: `${(fraction * 100).toFixed(2)}%` }} />}
      </div>
    </div>
  );
}

const QUERY = "(prefers-reduced-motion: reduce)";

/** Whether the person wants nothing to move by itself. */
export function useCalm(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = window.matchMedia(QUERY);
      media.addEventListener("change", listener);
      const deaf = preferences.subscribe(listener);
      return () => {
        media.removeEventListener("change", listener);
        deaf();
      };
    },
    () => window.matchMedia(QUERY).matches || preferences.getState().motion === "reduced",
  );
}
