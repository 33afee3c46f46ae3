/** The queue: runs that wait, that are under way, that are over. */

import { useSay } from "../state/preferences.ts";
import { useQueue } from "../state/queue.ts";

export function QueuePanel() {
  const say = useSay();
  const running = useQueue(({ queue }) => queue?.states["running"] ?? 0);
  const waiting = useQueue(({ queue }) => queue?.states["queued"] ?? 0);
  return <p className="none">{say("queue.pill", { running, waiting })}</p>;
}
