/** A model or scene in three dimensions, to be turned with the pointer. Until it is there, and where it cannot be, its picture. */

import { useEffect } from "react";

import { thumbnailOf } from "../api/runs.ts";
import type { CameraPose, Helps } from "./engine/index.ts";
import type { SceneClock } from "./clock.ts";
import { useClockOn } from "./clockStore.ts";
import { Trouble } from "./Trouble.tsx";
import { type Shown, useView, type Wanted } from "./useView.ts";

export type { CameraPose } from "./engine/index.ts";

interface Given {
  /** The digest of a GLB. */
  readonly digest: string;
  /** What it is, for those who do not see it. */
  readonly label: string;
  readonly helps?: Partial<Helps>;
  /** From where it is looked at, as `onCamera` tells it of another: so two are turned as one. */
  readonly camera?: CameraPose | undefined;
  readonly onCamera?: (pose: CameraPose) => void;
  readonly canZoom?: boolean;
  /** Where its picture is, if not that of the digest. */
  readonly still?: string;
  /** What tells the moment that is shown; without it the first, or its own as it turns. */
  readonly clock?: SceneClock;
  /** Told once it is there. */
  readonly onShown?: (shown: Shown) => void;
}

export function Model({ digest, label, helps, camera, onCamera, canZoom = true, still = thumbnailOf(digest), clock, onShown }: Given) {
  const wanted: Wanted = { digest, canZoom, camera, ...(helps === undefined ? {} : { helps }), ...(onCamera === undefined ? {} : { onCamera }) };
  const { canvas, shown, trouble } = useView(wanted);
  useClockOn(shown, clock);
  useEffect(() => {
    if (shown !== null) onShown?.(shown);
  }, [shown, onShown]);
  return (
    <div className="model" data-testid="model" data-state={trouble ?? (shown === null ? "loading" : "shown")}>
      <Still address={still} isShown={shown === null || trouble !== null} />
      <canvas ref={canvas} className={trouble === null ? "nodrag nopan" : "nodrag nopan is-off"} role="img" aria-label={label} />
      {trouble !== null && <Trouble trouble={trouble} />}
    </div>
  );
}

/** The picture that the server makes of it. */
export function Still({ address, isShown }: { readonly address: string; readonly isShown: boolean }) {
  return isShown ? <img className="still" src={address} alt="" draggable={false} onError={(event) => (event.currentTarget.hidden = true)} /> : null;
}
