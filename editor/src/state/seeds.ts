/** The seeds that the last run used: those that were drawn for it are known only afterwards. */

import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";

import type { Run } from "../api/generated.ts";
import { fetchRunGraph } from "../api/runs.ts";
import { readGraph } from "../core/graphRead.ts";
import { numberIn } from "../core/json.ts";

/** By input, written `node.port`, or by `=` and a parameter's name. */
type Used = ReadonlyMap<string, number>;

const used = createStore<{ readonly seeds: Used }>(() => ({ seeds: new Map() }));

export function keyOfParameter(name: string): string {
  return `=${name}`;
}

/** What a seed was in the last run, or undefined where that is not known. */
export function useUsedSeed(key: string): number | undefined {
  return useStore(used, (state) => state.seeds.get(key));
}

/** Read the seeds of a run from its record: the graph as it was run, and its parameters. Of what lies within it nothing is known: null. */
export async function learnSeeds(run: Run | null): Promise<void> {
  if (run === null) {
    used.setState({ seeds: new Map() });
    return;
  }
  const text = await fetchRunGraph(run.id);
  const read = text.isOk ? readGraph(text.value) : undefined;
  const seeds = new Map<string, number>();
  for (const [name, value] of Object.entries(run.parameters)) if (typeof value === "number") seeds.set(keyOfParameter(name), value);
  if (read?.isOk === true) {
    for (const [node, { inputs }] of read.value.graph.nodes) {
      for (const [port, input] of inputs) {
        const number = input.kind === "value" ? numberIn(input.value) : undefined;
        if (number !== undefined) seeds.set(`${node}.${port}`, number);
      }
    }
  }
  used.setState({ seeds });
}
