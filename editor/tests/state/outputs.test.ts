import { describe, expect, it } from "vitest";

import type { Part } from "../../src/api/calls.ts";
import type { AnyEvent } from "../../src/api/generated.ts";
import { OutputBoard } from "../../src/state/outputs.ts";

function finished(run: string, step: string, key: string, item: number | null = null): AnyEvent {
  return { kind: "call_finished", run, seq: 1, at: 0, step, item, key, cached: false, seconds: 0 };
}

function board() {
  const asked: string[] = [];
  const answers = new Map<string, (parts: readonly Part[] | null) => void>();
  const frames: (() => void)[] = [];
  const made = new OutputBoard(
    (key) => {
      asked.push(key);
      return new Promise((resolve) => answers.set(key, resolve));
    },
    (flush) => frames.push(flush),
  );
  const answer = async (key: string, ...values: unknown[]) => {
    answers.get(key)?.(values.map((value, item) => ({ port: "out", item, given: { kind: "value", value } })));
    await Promise.resolve();
  };
  const values = (node: string) => made.get(node).map(({ call, given }) => [call, given.kind === "value" ? given.value : null]);
  return { made, asked, answer, values, frames };
}

describe("what nodes gave", () => {
  it("is asked for only as long as somebody looks", () => {
    const { made, asked } = board();
    made.hear(finished("r", "a", "k1"));
    expect(asked).toEqual([]);
    const leave = made.want("a");
    expect(asked).toEqual(["k1"]);
    made.hear(finished("r", "a", "k2", 1));
    expect(asked).toEqual(["k1", "k2"]);
    leave();
    made.hear(finished("r", "a", "k3", 2));
    expect(asked).toEqual(["k1", "k2"]);
  });

  it("comes in the order of the items, however they end", async () => {
    const { made, answer, values } = board();
    made.want("a");
    made.hear(finished("r", "a", "k1", 1));
    made.hear(finished("r", "a", "k0", 0));
    await answer("k1", "second");
    expect(values("a")).toEqual([[1, "second"]]);
    await answer("k0", "first");
    expect(values("a")).toEqual([[0, "first"], [1, "second"]]);
  });

  it("stays as it was until the node has run again", async () => {
    const { made, answer, values } = board();
    made.want("a");
    made.hear(finished("r1", "a", "k1"));
    await answer("k1", "old");
    made.hear(finished("r2", "b", "k2"));
    expect(values("a")).toEqual([[0, "old"]]);
    made.hear(finished("r2", "a", "k3"));
    await answer("k3", "new");
    expect(values("a")).toEqual([[0, "new"]]);
  });

  it("comes from the cache as well, and not from within saved graphs", async () => {
    const { made, answer, values, asked } = board();
    made.want("a");
    made.want("inner");
    made.hear({ kind: "steps_cached", run: "r", seq: 1, at: 0, steps: [["a", "k1", "r0"], ["inner/a", "k2", "r0"]] });
    await answer("k1", 7);
    expect(asked).toEqual(["k1"]);
    expect(values("a")).toEqual([[0, 7]]);
  });

  it("is told once a frame", async () => {
    const { made, answer, frames } = board();
    let told = 0;
    made.subscribe(() => (told += 1));
    made.want("a");
    made.hear(finished("r", "a", "k0", 0));
    made.hear(finished("r", "a", "k1", 1));
    await answer("k0", 1);
    await answer("k1", 2);
    expect(frames).toHaveLength(1);
    frames[0]?.();
    expect(told).toBe(1);
  });
});
