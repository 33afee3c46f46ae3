/** Why something is not seen in three dimensions, where it would have been. */

import { useSay } from "../state/preferences.ts";
import type { Trouble as Kind } from "./useView.ts";

const WORDS = {
  malformed: "viewer.malformed",
  large: "viewer.large",
  gone: "viewer.gone",
  noWebgl: "viewer.noWebgl",
  lost: "viewer.lost",
} as const;

export function Trouble({ trouble }: { readonly trouble: Kind }) {
  const say = useSay();
  return (
    <p className="trouble" role="status">
      {say(WORDS[trouble])}
    </p>
  );
}
