/** One value that a graph gave, shown as what it is. */

import { Download } from "lucide-react";
import { type ReactNode, useState } from "react";

import type { Given } from "../api/calls.ts";
import { contentOf, thumbnailOf } from "../api/runs.ts";
import { baseOf } from "../core/types.ts";
import { Shown as Model } from "../viewer/Shown.tsx";
import { shownAs } from "../viewer/shown.ts";
import { useSay } from "../state/preferences.ts";

type Artefact = Extract<Given, { kind: "artefact" }>;

const RANKS: readonly string[] = ["scene", "video", "image", "mesh", "rig", "motion", "splat", "mask", "audio", "wav", "mp3", "ogg"];

/** Texts longer than this are folded. */
const SHORT = 600;

/** What is looked at comes first, then what is heard, then the rest. */
export function rankOf(type: string): number {
  const place = RANKS.indexOf(baseOf(type));
  return place < 0 ? RANKS.length : place;
}

export function OutputValue({ name, given }: { readonly name: string; readonly given: Given }) {
  const say = useSay();
  if (given.kind === "value") {
    const text = typeof given.value === "string" ? given.value : JSON.stringify(given.value, null, 2);
    if (text.length > SHORT || typeof given.value === "object") {
      return (
        <details className="form-json">
          <summary>{name}</summary>
          <pre>{text}</pre>
        </details>
      );
    }
    return (
      <>
        <p className="form-text">{text}</p>
        <figcaption>{name}</figcaption>
      </>
    );
  }
  return (
    <>
      <Shown name={name} given={given} />
      <figcaption>
        <span>{name}</span>
        <a className="link" href={contentOf(given.digest)} download={name}>
          <Download size={14} aria-hidden="true" />
          {say("form.download")}
          <span className="unseen">{name}</span>
        </a>
      </figcaption>
    </>
  );
}

function Shown({ name, given }: { readonly name: string; readonly given: Artefact }): ReactNode {
  const [isBroken, setBroken] = useState(false);
  const [kind] = given.mediaType.split("/");
  const as = shownAs(given);
  if (as === "model" || as === "motion") {
    return (
      <div className="form-model">
        <Model name={name} given={given} isSmall={false} />
      </div>
    );
  }
  if (kind === "audio") return <audio controls preload="metadata" src={contentOf(given.digest)} aria-label={name} />;
  if (kind === "video") return <video controls preload="metadata" src={contentOf(given.digest)} aria-label={name} />;
  if (isBroken || rankOf(given.type) === RANKS.length) return null;
  return <img src={kind === "image" ? contentOf(given.digest) : thumbnailOf(given.digest)} alt={name} onError={() => setBroken(true)} />;
}
