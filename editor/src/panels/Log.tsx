/** What was logged. */

import { useSay } from "../state/preferences.ts";

export function Log() {
  const say = useSay();
  return <p className="none">{say("dock.log.none")}</p>;
}
