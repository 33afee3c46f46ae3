/** What a run tells, as one of its levels hears it. */

import { expect, test } from "vitest";

import type { AnyEvent } from "../../src/api/generated.ts";
import { nodesWithin } from "../../src/state/recall.ts";
import { eventWithin, Told } from "../../src/state/within.ts";

let seq = 0;
const began = (step: string): AnyEvent => ({ kind: "call_started", run: "r", seq: (seq += 1), at: 0, step, item: null, attempt: 1, seconds: 1 });
const progress = (step: string, fraction: number): AnyEvent => ({ kind: "call_progress", run: "r", step, item: null, fraction, message: "", seconds_left: null });
const stepsOf = (events: Iterable<AnyEvent | null>) => [...events].map((event) => (event !== null && "step" in event ? event.step : null));

test("an event is heard in the level of its step, under the name that this has there", () => {
  const events = [began("a/b"), began("a/c/d"), began("a"), began("ab/b")];
  expect(stepsOf(events.map((event) => eventWithin(event, "a/")))).toEqual(["b", "c/d", null, null]);
  expect(events.map((event) => eventWithin(event, ""))).toEqual(events);
});

test("of steps that were cached a level hears of its own, and of results none", () => {
  const cached: AnyEvent = { kind: "steps_cached", run: "r", seq: 1, at: 0, steps: [["a/b", "k", "m"], ["c", "k", "m"]] };
  expect(eventWithin(cached, "a/")).toMatchObject({ steps: [["b", "k", "m"]] });
  expect(eventWithin({ kind: "result_ready", run: "r", seq: 2, at: 0, result: "x" }, "a/")).toBeNull();
  const blocked: AnyEvent = { kind: "step_blocked", run: "r", seq: 3, at: 0, step: "a/b", by: "z" };
  expect(eventWithin(blocked, "a/")).toMatchObject({ step: "b", by: "z" });
});

test("what was told is told again in its order, of progress the last alone", () => {
  const told = new Told();
  const events = [began("a"), progress("a", 0.1), progress("a", 0.2), began("b")];
  for (const event of events) told.hear(event);
  expect([...told.all()]).toEqual([events[0], events[2], events[3]]);
  told.clear();
  expect([...told.all()]).toEqual([]);
});

test("the items of a loop are counted, and the last that was heard of is known", () => {
  const told = new Told();
  expect(["a[0]/x", "a[4]/b[1]/x", "a[2]/x"].map((step) => told.hear(began(step)))).toEqual([true, true, false]);
  expect(told.loop("a")).toEqual({ count: 5, last: 2 });
  expect([...told.counts()]).toEqual([["a", 5], ["a[4]/b", 2]]);
});

test("a node within says also what it stands within: another there is another here", () => {
  const lamp = new Map([["glow", '{"type":"t/glow"}']]);
  const named = (by: number) => nodesWithin(new Map([["left", `{"type":"graph/lamp","by":${String(by)}}`]]), new Map([["lamp", lamp]]));
  expect([...named(1).keys()]).toEqual(["left", "left/glow"]);
  expect(named(1).get("left/glow")).toBe(named(1).get("left/glow"));
  expect(named(1).get("left/glow")).not.toBe(named(2).get("left/glow"));
});
