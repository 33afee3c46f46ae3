import { describe, expect, it } from "vitest";

import { LEAD, SceneClock } from "../../src/viewer/clock.ts";

function scene({ seconds = 10, isLooping = true } = {}) {
  const source = { currentTime: 100 };
  const log: string[] = [];
  const clock = new SceneClock();
  clock.of(seconds, [{ start: (_, at, from) => log.push(`start ${at.toFixed(2)} from ${from.toFixed(2)}`), stop: () => log.push("stop") }]);
  clock.loop(isLooping);
  const pass = (by: number) => {
    source.currentTime += by;
    clock.turn();
  };
  return { source, clock, log, pass };
}

describe("the clock of a scene", () => {
  it("rests until it is played, and begins a moment later, with its sounds", () => {
    const { clock, source, log, pass } = scene();
    expect([clock.now(), clock.isGoing]).toEqual([0, false]);
    clock.play(source);
    expect([clock.now(), clock.isGoing]).toEqual([0, true]);
    expect(log).toEqual([`start ${(100 + LEAD).toFixed(2)} from 0.00`]);
    pass(LEAD + 2);
    expect(clock.now()).toBeCloseTo(2);
  });

  it("stays where it is paused, and goes on from there", () => {
    const { clock, source, log, pass } = scene();
    clock.play(source);
    pass(LEAD + 3);
    clock.pause();
    pass(50);
    expect(clock.now()).toBeCloseTo(3);
    clock.play(source);
    pass(LEAD + 1);
    expect(clock.now()).toBeCloseTo(4);
    expect(log.at(-1)).toBe(`start ${(153 + 2 * LEAD).toFixed(2)} from 3.00`);
  });

  it("starts its sounds anew where it is set to another moment", () => {
    const { clock, source, log, pass } = scene();
    clock.play(source);
    pass(LEAD + 3);
    clock.seek(7.5);
    pass(LEAD + 0.5);
    expect(clock.now()).toBeCloseTo(8);
    expect(log.slice(1)).toEqual(["stop", `start ${(103 + 2 * LEAD).toFixed(2)} from 7.50`]);
  });

  it.each([
    [-3, 0],
    [4, 4],
    [99, 10],
  ])("set to %d is at %d, at rest too", (asked, at) => {
    const { clock, log } = scene();
    clock.seek(asked);
    expect([clock.now(), clock.isGoing, log.length]).toEqual([at, false, 0]);
  });

  it("begins anew at its end, sounds and all, where it loops", () => {
    const { clock, source, log, pass } = scene();
    clock.play(source);
    pass(LEAD + 10.5);
    expect(clock.isGoing).toBe(true);
    expect(clock.now()).toBeCloseTo(0.5);
    expect(log.slice(1)).toEqual(["stop", `start ${(110.5 + 2 * LEAD).toFixed(2)} from 0.50`]);
  });

  it("rests at its end where it does not, and is played from the beginning then", () => {
    const { clock, source, pass } = scene({ isLooping: false });
    clock.play(source);
    pass(LEAD + 12);
    expect([clock.isGoing, clock.now()]).toEqual([false, 10]);
    clock.play(source);
    pass(LEAD + 1);
    expect(clock.now()).toBeCloseTo(1);
  });

  it("keeps its moment as far as another scene has it", () => {
    const { clock } = scene();
    clock.seek(8);
    clock.of(20, []);
    expect(clock.now()).toBe(8);
    clock.of(5, []);
    expect(clock.now()).toBe(5);
  });

  it("tells who listens of each press, and of nothing between", () => {
    const { clock, source, pass } = scene();
    let told = 0;
    const leave = clock.subscribe(() => (told += 1));
    clock.play(source);
    pass(1);
    clock.seek(2);
    clock.pause();
    expect(told).toBe(3);
    leave();
    clock.seek(1);
    expect(told).toBe(3);
  });
});
