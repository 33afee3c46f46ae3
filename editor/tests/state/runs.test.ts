/** Status reaches the page once a frame, and only those that it concerns. */

import { expect, test } from "vitest";

import { IDLE, StatusBoard } from "../../src/state/runs.ts";

function board(): { board: StatusBoard; frame: () => void } {
  const waiting: (() => void)[] = [];
  const made = new StatusBoard((flush) => waiting.push(flush));
  return { board: made, frame: () => waiting.splice(0).forEach((flush) => flush()) };
}

test("a hundred changes within a frame are one flush, and one word to each listener", () => {
  const { board: status, frame } = board();
  const heard: string[] = [];
  status.subscribe("a", () => heard.push(`a ${String(status.get("a").fraction)}`));
  status.subscribe("b", () => heard.push("b"));
  for (let at = 1; at <= 100; at += 1) status.set("a", { state: "running", fraction: at / 100 });
  expect([heard, status.flushes]).toEqual([[], 0]);
  frame();
  expect([heard, status.flushes]).toEqual([["a 1"], 1]);
});

test("what did not change is the same object, so that nothing is drawn for it", () => {
  const { board: status, frame } = board();
  status.set("a", { state: "done", seconds: 4.2 });
  frame();
  const before = status.get("a");
  status.set("b", { state: "queued" });
  frame();
  expect(status.get("a")).toBe(before);
  expect(status.get("c")).toBe(IDLE);
});

test("changes of one frame add up, and clearing takes all back", () => {
  const { board: status, frame } = board();
  status.set("a", { state: "running" });
  status.set("a", { message: "step 3 of 20" });
  frame();
  expect(status.get("a")).toMatchObject({ state: "running", message: "step 3 of 20" });
  status.clear();
  frame();
  expect(status.get("a")).toEqual(IDLE);
});

test("a listener that left hears nothing more", () => {
  const { board: status, frame } = board();
  let count = 0;
  const stop = status.subscribe("a", () => (count += 1));
  const stopAll = status.subscribeAll(() => (count += 10));
  status.set("a", { state: "done" });
  frame();
  stop();
  stopAll();
  status.set("a", { state: "idle" });
  frame();
  expect(count).toBe(11);
});
