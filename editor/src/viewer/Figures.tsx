/** What drawing takes: frames a second, triangles, draw calls. */

import { useSay } from "../state/preferences.ts";
import type { Stats } from "./engine/index.ts";

export function Figures({ stats }: { readonly stats: Stats }) {
  const say = useSay();
  const { triangles, calls } = stats;
  const fps = Math.round(stats.fps);
  return (
    <output className="figures" data-testid="figures">
      {fps > 0 ? say("viewer.figures", { fps, triangles, calls }) : say("viewer.resting", { triangles, calls })}
    </output>
  );
}
