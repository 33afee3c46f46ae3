/** Events as they are told: over a line that is dialled again when it breaks, each numbered event once and none left out. */

import * as v from "valibot";

import { AnyEvent } from "./generated.ts";
import { ask } from "./http.ts";
import { keyNow } from "./key.ts";

/** A connection that is open, or being opened. */
export interface Line {
  readonly send: (text: string) => void;
  readonly close: () => void;
}

export interface Ends {
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
}

export type Dial = (ends: Ends) => Line;
/** Does something later; what is given back calls it off. */
export type Later = (milliseconds: number, run: () => void) => () => void;
export type LineState = "idle" | "open" | "lost";

const TICKET = v.object({ ticket: v.string() });
const TOLD = v.object({ events: v.array(v.unknown()) });
const FIRST_WAIT = 250;
const LONGEST_WAIT = 5000;

export class EventChannel {
  private readonly dial: Dial;
  private readonly later: Later;
  private readonly hear: (event: AnyEvent) => void;
  private readonly tell: (state: LineState) => void;
  /** For each topic the number of the last event that was heard. */
  private readonly topics = new Map<string, number>();
  private line: Line | null = null;
  private isOpen = false;
  private wait = FIRST_WAIT;
  private callOff: (() => void) | null = null;

  constructor(dial: Dial, later: Later, hear: (event: AnyEvent) => void, tell: (state: LineState) => void) {
    this.dial = dial;
    this.later = later;
    this.hear = hear;
    this.tell = tell;
  }

  /** Hear a topic; of a run, what was told after the event numbered `since` comes first. */
  listen(topic: string, since = 0): void {
    this.topics.set(topic, since);
    if (this.isOpen) this.subscribe(topic, since);
    else if (this.line === null && this.callOff === null) this.open();
  }

  leave(topic: string): void {
    if (!this.topics.delete(topic)) return;
    if (this.isOpen) this.line?.send(JSON.stringify({ kind: "unsubscribe", topic }));
    if (this.topics.size === 0) this.close();
  }

  close(): void {
    this.callOff?.();
    this.callOff = null;
    const { line } = this;
    this.line = null;
    this.isOpen = false;
    line?.close();
    this.tell("idle");
  }

  private open(): void {
    this.line = this.dial({
      onOpen: () => {
        this.isOpen = true;
        this.wait = FIRST_WAIT;
        this.tell("open");
        for (const [topic, since] of this.topics) this.subscribe(topic, since);
      },
      onText: (text) => this.read(text),
      onClose: () => this.lost(),
    });
  }

  private lost(): void {
    if (this.line === null) return;
    this.line = null;
    this.isOpen = false;
    this.tell("lost");
    this.callOff = this.later(this.wait, () => {
      this.callOff = null;
      this.open();
    });
    this.wait = Math.min(LONGEST_WAIT, this.wait * 2);
  }

  private subscribe(topic: string, since: number): void {
    this.line?.send(JSON.stringify({ kind: "subscribe", topic, since }));
  }

  private read(text: string): void {
    const told = v.safeParse(TOLD, JSON.parse(text));
    if (!told.success) return;
    for (const one of told.output.events) {
      const read = v.safeParse(AnyEvent, one);
      // Kinds that are not known here come from a newer server, and say nothing that is missed.
      if (read.success) this.take(read.output);
    }
  }

  private take(event: AnyEvent): void {
    if ("seq" in event && "run" in event) {
      const topic = `run:${event.run}`;
      const last = this.topics.get(topic);
      // The queue tells of runs that nobody listens to: these are news, and none is told again.
      if (last === undefined && !this.topics.has("queue")) return;
      if (last !== undefined) {
        if (event.seq <= last) return;
        this.topics.set(topic, event.seq);
      }
    }
    this.hear(event);
  }
}

/** A WebSocket to the server that the page came from; with a ticket where a key is wanted, since it sends no header. */
export const dialServer: Dial = (ends) => {
  if (keyNow() === "") return dialAt("", ends);
  let line: Line | null = null;
  let isClosed = false;
  void ask("/tickets", TICKET, { method: "POST" }).then((reply) => {
    if (isClosed) return;
    if (reply.isOk) line = dialAt(`?ticket=${encodeURIComponent(reply.value.ticket)}`, ends);
    else ends.onClose();
  });
  return {
    send: (text) => line?.send(text),
    close: () => {
      isClosed = true;
      line?.close();
    },
  };
};

function dialAt(query: string, { onOpen, onText, onClose }: Ends): Line {
  const address = new URL(`/api/v1/events${query}`, location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(address);
  socket.onopen = onOpen;
  socket.onmessage = (message: MessageEvent<unknown>) => {
    if (typeof message.data === "string") onText(message.data);
  };
  socket.onclose = onClose;
  return { send: (text) => socket.send(text), close: () => socket.close() };
}

export const afterTime: Later = (milliseconds, run) => {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
};
