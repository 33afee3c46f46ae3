/** What is known of artefacts beside their bytes. */

import { type Answer, askText } from "./http.ts";

/** The graph inside a file, or of the run that made it, as text; empty where there is neither. */
export function fetchGraphIn(digest: string): Promise<Answer<string>> {
  return askText(`/artefacts/${digest}/graph`);
}
