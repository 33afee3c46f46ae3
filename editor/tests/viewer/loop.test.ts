import { describe, expect, it } from "vitest";

import { Loop } from "../../src/viewer/engine/loop.ts";
import { Pace } from "../../src/viewer/engine/pace.ts";

function frames() {
  let now = 0;
  const waiting: ((milliseconds: number) => void)[] = [];
  const delays: number[] = [];
  const loop = new Loop({
    next: (run) => waiting.push(run),
    after: (milliseconds, run) => {
      delays.push(milliseconds);
      run();
    },
    now: () => now,
  });
  const pass = () => {
    for (const run of waiting.splice(0)) run(now);
  };
  const view = (log: string[], name: string, { again = false, takes = 0 } = {}) => ({
    frame: () => {
      log.push(name);
      now += takes;
      return again;
    },
  });
  return { loop, pass, view, waiting, delays };
}

describe("the loop", () => {
  it("draws a view once a frame, however often it asked", () => {
    const { loop, pass, view } = frames();
    const log: string[] = [];
    const one = view(log, "one");
    loop.ask(one);
    loop.ask(one);
    loop.ask(view(log, "two"));
    pass();
    pass();
    expect(log).toEqual(["one", "two"]);
  });

  it("goes on with those that go on, and asks for no frame for nobody", () => {
    const { loop, pass, view, waiting } = frames();
    const log: string[] = [];
    const going = view(log, "going", { again: true });
    loop.ask(going);
    pass();
    pass();
    expect([log.length, waiting.length]).toEqual([2, 1]);
    loop.leave(going);
    pass();
    expect([log.length, waiting.length]).toEqual([2, 0]);
  });

  it("leaves the page as much time as slow drawing took", () => {
    const { loop, pass, view, delays } = frames();
    loop.ask(view([], "slow", { again: true, takes: 300 }));
    pass();
    expect(delays).toEqual([300]);
  });
});

describe("the pace", () => {
  const after = (...times: readonly number[]) => {
    const pace = new Pace();
    for (const time of times) pace.took(time);
    return pace.fineness;
  };
  const times = (count: number, time: number) => Array.from({ length: count }, () => time);

  it.each([
    ["is fine at first", [], 1],
    ["is not changed by one slow frame", [900, 10, 10], 1],
    ["is less fine after three", times(3, 90), 0.75],
    ["has a least fineness", times(40, 90), 0.35],
    ["stays as it is between slow and quick", [...times(3, 90), ...times(100, 20)], 0.75],
    ["is fine again after many quick ones", [...times(3, 90), ...times(30, 2)], 1],
  ])("%s", (_, took, fineness) => expect(after(...took)).toBe(fineness));
});
