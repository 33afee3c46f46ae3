/** What the server tells beside the run that is followed: the queue, devices, the log. Over a line of its own, which numbers nothing. */

import { afterTime, dialServer, EventChannel } from "../api/channel.ts";
import type { AnyEvent } from "../api/generated.ts";

export type LiveTopic = "queue" | "devices" | "log";

interface Ear {
  readonly topic: LiveTopic;
  readonly hear: (event: AnyEvent) => void;
  /** The line is open, maybe again: what was told meanwhile was not heard. */
  readonly opened: () => void;
}

const ears = new Set<Ear>();
const channel = new EventChannel(
  dialServer,
  afterTime,
  (event) => {
    for (const ear of ears) ear.hear(event);
  },
  (line) => {
    if (line === "open") for (const ear of ears) ear.opened();
  },
);

/** Hear a topic until what is given back is called. Each ear is told all that comes, and takes what it knows. */
export function hearLive(topic: LiveTopic, hear: (event: AnyEvent) => void, opened: () => void): () => void {
  const ear = { topic, hear, opened };
  const isFirst = ![...ears].some((one) => one.topic === topic);
  ears.add(ear);
  if (isFirst) channel.listen(topic);
  return () => {
    ears.delete(ear);
    if (![...ears].some((one) => one.topic === topic)) channel.leave(topic);
  };
}
