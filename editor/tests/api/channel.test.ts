/** Events over a line that breaks: none is missed, none is heard twice. */

import { describe, expect, test } from "vitest";

import { type Ends, EventChannel } from "../../src/api/channel.ts";

/** A server that keeps what it told, and lines to it that can be cut. */
class Server {
  readonly told: { run: string; seq: number; at: number; step: string; by: string; kind: "step_blocked" }[] = [];
  readonly said: string[] = [];
  readonly waits: { milliseconds: number; run: () => void }[] = [];
  readonly heard: number[] = [];
  readonly states: string[] = [];
  private ends: Ends | null = null;
  readonly channel = new EventChannel(
    (ends) => {
      this.ends = ends;
      return { send: (text) => this.take(text), close: () => (this.ends = null) };
    },
    (milliseconds, run) => {
      const wait = { milliseconds, run };
      this.waits.push(wait);
      return () => this.waits.splice(this.waits.indexOf(wait), 1);
    },
    (event) => {
      if ("seq" in event) this.heard.push(event.seq);
    },
    (state) => this.states.push(state),
  );

  open(): void {
    this.ends?.onOpen();
  }

  cut(): void {
    const { ends } = this;
    this.ends = null;
    ends?.onClose();
  }

  /** Let the time pass until the line is dialled again, and opened. */
  redial(): void {
    this.waits.shift()?.run();
    this.open();
  }

  tell(count = 1): void {
    for (let at = 0; at < count; at += 1) {
      this.told.push({ run: "r", seq: this.told.length + 1, at: 0, step: "a", by: "b", kind: "step_blocked" });
      this.send(this.told.slice(-1));
    }
  }

  send(events: readonly unknown[]): void {
    this.ends?.onText(JSON.stringify({ events }));
  }

  private take(text: string): void {
    this.said.push(text);
    const since = Number(/"since":(\d+)/.exec(text)?.[1] ?? 0);
    this.ends?.onText(JSON.stringify({ kind: "subscribed", topic: "run:r" }));
    this.send(this.told.filter(({ seq }) => seq > since));
  }
}

describe("a channel", () => {
  test("hears what was told before it came, and after", () => {
    const server = new Server();
    server.tell(2);
    server.channel.listen("run:r");
    server.open();
    server.tell(2);
    expect(server.heard).toEqual([1, 2, 3, 4]);
  });

  test("misses nothing that was told while the line was broken", () => {
    const server = new Server();
    server.channel.listen("run:r");
    server.open();
    server.tell(3);
    server.cut();
    server.tell(4);
    server.redial();
    server.tell(1);
    expect(server.heard).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(server.states).toEqual(["open", "lost", "open"]);
    expect(server.said.map((text): unknown => JSON.parse(text))).toEqual([
      { kind: "subscribe", topic: "run:r", since: 0 },
      { kind: "subscribe", topic: "run:r", since: 3 },
    ]);
  });

  test("hears an event that is told twice once", () => {
    const server = new Server();
    server.channel.listen("run:r");
    server.open();
    server.tell(2);
    server.send(server.told);
    expect(server.heard).toEqual([1, 2]);
  });

  test("waits longer each time, up to a bound, and starts anew once it was through", () => {
    const server = new Server();
    server.channel.listen("run:r");
    const waits: number[] = [];
    for (let at = 0; at < 7; at += 1) {
      server.cut();
      waits.push(server.waits[0]?.milliseconds ?? 0);
      server.waits.shift()?.run();
    }
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
    server.open();
    server.cut();
    expect(server.waits[0]?.milliseconds).toBe(250);
  });

  test("is closed when nobody listens, and does not dial again", () => {
    const server = new Server();
    server.channel.listen("run:r");
    server.open();
    server.channel.leave("run:r");
    expect([server.states.at(-1), server.waits.length]).toEqual(["idle", 0]);
  });

  test("passes over what it does not know", () => {
    const server = new Server();
    server.channel.listen("run:r");
    server.open();
    server.send([{ kind: "of_tomorrow", run: "r", seq: 1 }, 7, null]);
    server.tell(1);
    expect(server.heard).toEqual([1]);
  });
});
