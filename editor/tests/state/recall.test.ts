import { describe, expect, it } from "vitest";

import type { Call } from "../../src/api/runs.ts";
import { EMPTY_GRAPH, type Graph, newNode, wired } from "../../src/core/graph.ts";
import { recall, type Record as RunRecord } from "../../src/state/recall.ts";

/** plan > mesh > scene, and a sound beside. */
const GRAPH: Graph = {
  ...EMPTY_GRAPH,
  nodes: new Map([
    ["plan", newNode("plan")],
    ["mesh", newNode("mesh", new Map([["plan", wired("plan", "out")]]))],
    ["scene", newNode("scene", new Map([["mesh", wired("mesh", "out")]]))],
    ["sound", newNode("sound")],
  ]),
};

const NODES = new Map([...GRAPH.nodes].map(([name, node]) => [name, node.type]));

function call(step: string, madeBy = "", item = 0): Call {
  return { step, item, key: `${step}${String(item)}`, cached: madeBy !== "", madeBy };
}

function told(runs: Readonly<Record<string, readonly Call[]>>, nodes: Readonly<Record<string, ReadonlyMap<string, string>>> = {}) {
  const asked: string[] = [];
  const fetch = (run: string): Promise<RunRecord | null> => {
    asked.push(run);
    const calls = runs[run];
    return Promise.resolve(calls === undefined ? null : { calls, nodes: nodes[run] ?? NODES });
  };
  return recall("now", GRAPH, fetch).then((found) => ({ found: found.map(({ node, item, run }) => `${node}[${String(item)}] of ${run}`), asked }));
}

describe("what came out of the cache recalls", () => {
  it("what stands above it, of the run that made it", async () => {
    const { found } = await told({ now: [call("scene", "old")], old: [call("plan"), call("mesh", "", 0), call("mesh", "", 1), call("scene"), call("sound")] });
    expect(found).toEqual(["plan[0] of old", "mesh[0] of old", "mesh[1] of old"]);
  });

  it("what that run took from another in turn", async () => {
    const { found, asked } = await told({ now: [call("scene", "old")], old: [call("mesh", "older"), call("scene")], older: [call("plan"), call("mesh")] });
    expect(found).toEqual(["mesh[0] of old", "plan[0] of older"]);
    expect(asked).toEqual(["now", "old", "older"]);
  });

  it("nothing of a node that was another then", async () => {
    const other = new Map(NODES).set("plan", "another plan");
    const { found } = await told({ now: [call("scene", "old")], old: [call("plan"), call("mesh"), call("scene")] }, { old: other });
    expect(found).toEqual(["mesh[0] of old"]);
  });

  it("nothing where everything was made now, or the run is gone", async () => {
    expect((await told({ now: [call("plan"), call("mesh"), call("scene")] })).asked).toEqual(["now"]);
    expect((await told({ now: [call("scene", "gone")] })).found).toEqual([]);
  });

  it("nothing that the run itself has looked at", async () => {
    const { found } = await told({ now: [call("mesh"), call("scene", "old")], old: [call("plan"), call("mesh"), call("scene")] });
    expect(found).toEqual(["plan[0] of old"]);
  });
});
