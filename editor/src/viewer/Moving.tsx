/** A motion without its figure: a plain one of bones, that walks where the motion does, in the inspector with a player. */

import { useEffect, useState } from "react";

import { thumbnailOf } from "../api/runs.ts";
import { usePreferences, useSay } from "../state/preferences.ts";
import { tenthsText } from "../words/when.ts";
import { Model } from "./Model.tsx";
import { playedAlone } from "./playback.ts";
import { bonesKey } from "./source.ts";
import { Transport } from "./Transport.tsx";

interface Given {
  readonly digest: string;
  readonly name: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly isSmall: boolean;
  /** Whether the person wants nothing to move by itself. */
  readonly isCalm: boolean;
}

export function Moving({ digest, name, facts, isSmall, isCalm }: Given) {
  const say = useSay();
  const language = usePreferences((state) => state.language);
  const seconds = typeof facts["seconds"] === "number" ? facts["seconds"] : 0;
  const [played] = useState(() => playedAlone(seconds));
  useEffect(() => () => played.clock.pause(), [played]);
  const shared = { digest: bonesKey(digest), still: thumbnailOf(digest, "motion"), label: say("viewer.motion", { name, seconds: tenthsText(language, seconds) }) };
  if (isSmall) return <Model {...shared} helps={{ turning: !isCalm }} canZoom={false} />;
  return (
    <div className="moving">
      <div className="moving-view">
        <Model {...shared} helps={{ grid: true }} clock={played.clock} />
      </div>
      {seconds > 0 && <Transport seconds={seconds} hasSound={false} played={played} />}
    </div>
  );
}
