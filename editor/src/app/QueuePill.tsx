/** How many runs there are, in the bar above; opens the queue. */

import { CirclePause, ListVideo } from "lucide-react";

import { runCommand, shortcutOf } from "../state/commands.ts";
import { useSay } from "../state/preferences.ts";
import { useQueue } from "../state/queue.ts";
import { useViews } from "../state/views.ts";

export function QueuePill() {
  const say = useSay();
  const running = useQueue(({ queue }) => queue?.states["running"] ?? 0);
  const waiting = useQueue(({ queue }) => (queue?.states["queued"] ?? 0) + (queue?.states["paused"] ?? 0));
  const interrupted = useQueue(({ queue }) => queue?.states["interrupted"] ?? 0);
  const isPaused = useQueue(({ queue }) => queue?.paused === true);
  const isOpen = useViews((state) => state.panel === "queue");
  const label = say(isPaused ? "queue.pillPaused" : "queue.pill", { running, waiting });
  const Icon = isPaused ? CirclePause : ListVideo;
  return (
    <button type="button" className={`pill queue-pill${interrupted > 0 ? " is-asking" : ""}`} aria-label={label} aria-pressed={isOpen} title={`${label} (${shortcutOf("queue")})`} data-testid="queue-pill" onClick={() => runCommand("queue")}>
      <Icon size={14} aria-hidden="true" />
      <span>{running + waiting + interrupted}</span>
    </button>
  );
}
