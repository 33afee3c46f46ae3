/** What events say of the nodes. */

import { expect, test } from "vitest";

import type { AnyEvent } from "../../src/api/generated.ts";
import { type Status, IDLE } from "../../src/state/runs.ts";
import { RunStates } from "../../src/state/runStates.ts";
import { neededBy, nodeOfStep, targetsOf } from "../../src/core/targets.ts";
import { graph, typesIn } from "../fixtures.ts";

function after(...events: readonly AnyEvent[]): ReadonlyMap<string, Status> {
  const found = new Map<string, Status>();
  const states = new RunStates((name, change) => found.set(name, { ...(found.get(name) ?? IDLE), ...change }));
  for (const event of events) states.hear(event);
  return found;
}

let seq = 0;
const began = (step: string, item: number | null = null): AnyEvent => ({ kind: "call_started", run: "r", seq: (seq += 1), at: 0, step, item, attempt: 1, seconds: 1 });
const ended = (step: string, item: number | null = null, cached = false): AnyEvent => ({ kind: "call_finished", run: "r", seq: (seq += 1), at: 0, step, item, key: "k", cached, seconds: 2 });
const failed = (step: string, retried: boolean): AnyEvent => ({ kind: "call_failed", run: "r", seq: (seq += 1), at: 0, step, item: null, code: "R001", message: "too dark", retried });

test("a call that began runs, with how far it is, and is done when it ended", () => {
  const progress: AnyEvent = { kind: "call_progress", run: "r", step: "a", item: null, fraction: 0.4, message: "step 8 of 20", seconds_left: null };
  expect(after(began("a"), progress).get("a")).toMatchObject({ state: "running", fraction: 0.4, message: "step 8 of 20" });
  expect(after(began("a"), progress, ended("a")).get("a")).toMatchObject({ state: "done", seconds: 2, message: "" });
});

test("a node over a list is done when all items are, and cached when all were", () => {
  const rows = [began("a", 0), began("a", 1), ended("a", 0)];
  expect(after(...rows).get("a")).toMatchObject({ state: "running", fraction: 0.5 });
  expect(after(...rows, ended("a", 1)).get("a")).toMatchObject({ state: "done", seconds: 4, made: 2 });
  expect(after(ended("a", 0, true), ended("a", 1, true)).get("a")).toMatchObject({ state: "cached" });
});

test("a failure that is tried again is none yet; what depends on one is blocked by it", () => {
  const blocked: AnyEvent = { kind: "step_blocked", run: "r", seq: 9, at: 0, step: "b", by: "a" };
  expect(after(began("a"), failed("a", true)).get("a")).toMatchObject({ state: "running" });
  const told = after(began("a"), failed("a", false), blocked);
  expect([told.get("a"), told.get("b")]).toMatchObject([{ state: "error", error: "too dark" }, { state: "blocked", message: "a" }]);
});

test("a node with a failure stays failed, whatever else of it goes well or waits for that, until the run is tried again", () => {
  const blocked: AnyEvent = { kind: "step_blocked", run: "r", seq: 9, at: 0, step: "a", by: "a[0]/b" };
  const again: AnyEvent = { kind: "run_started", run: "r", seq: 10, at: 0, title: "", to_run: 1, cached: 0, seconds: 0 };
  const rows = [began("a[0]/b"), began("a[1]/b"), failed("a[0]/b", false), began("a[2]/b"), ended("a[1]/b"), ended("a[2]/b"), blocked];
  expect(after(...rows).get("a")).toMatchObject({ state: "error", error: "too dark" });
  expect(after(...rows, again, ended("a[0]/b")).get("a")).toMatchObject({ state: "done" });
});

test("steps within saved graphs and loops belong to the node that they are in", () => {
  expect(["a", "toys/object", "toys[3]/mesh", "toys[0]"].map(nodeOfStep)).toEqual(["a", "toys", "toys", "toys"]);
});

test("a run is asked for the results, else for what nothing takes, or for the nodes that are named", () => {
  const nodes = { a: "load", b: "cut image=a.value", c: "inflate image=b.image", d: "load" };
  const plain = graph(nodes);
  const targets = (given: typeof plain, ...names: string[]) => targetsOf(given.graph, typesIn(given), names).map((wire) => `${wire.node}.${wire.port}`);
  expect(targets(plain)).toEqual(["c.value", "d.value"]);
  expect(targets(graph(nodes, { results: { r: "b.mask" } }))).toEqual([]);
  expect(targets(plain, "b")).toEqual(["b.image", "b.mask"]);
  expect([...neededBy(plain.graph, [{ node: "b", port: "image" }])].sort()).toEqual(["a", "b"]);
});
