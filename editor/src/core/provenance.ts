/** Where a value comes from: the steps that led to it, and what they were given. */

import { ancestors, type Graph, sortedNodes } from "./graph.ts";
import type { Input } from "./graph.ts";
import { nodeOfStep } from "./targets.ts";

export interface MadeCall {
  readonly step: string;
  readonly node: string;
  readonly seconds: number;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** A node of the chain that led to a value, sources first. */
export interface Link {
  readonly node: string;
  readonly type: string;
  /** Seconds that its calls took when they were made. */
  readonly seconds: number;
  /** What it was given besides by wire. */
  readonly given: readonly (readonly [string, Exclude<Input, { kind: "wire" }>])[];
}

/** The node of a graph that gave a value first, by its digest; undefined where none did. */
export function makerOf(calls: readonly MadeCall[], digest: string): string | undefined {
  const bare = digest.replace(/^blake3:/, "");
  const call = calls.find(({ outputs }) => holds(outputs, bare));
  return call === undefined ? undefined : nodeOfStep(call.step);
}

function holds(value: unknown, digest: string): boolean {
  if (typeof value !== "object" || value === null) return false;
  if ("digest" in value && value.digest === digest) return true;
  return Object.values(value).some((one) => holds(one, digest));
}

/** The chain that led to a node. */
export function chainTo(graph: Graph, calls: readonly MadeCall[], node: string): readonly Link[] {
  const seconds = new Map<string, number>();
  for (const call of calls) {
    const name = nodeOfStep(call.step);
    seconds.set(name, (seconds.get(name) ?? 0) + call.seconds);
  }
  const wanted = ancestors(graph, [node]);
  return sortedNodes(graph)
    .filter((name) => wanted.has(name))
    .map((name) => ({
      node: name,
      type: graph.nodes.get(name)?.type ?? "",
      seconds: seconds.get(name) ?? 0,
      given: [...(graph.nodes.get(name)?.inputs ?? [])].flatMap(([port, input]) => (input.kind === "wire" ? [] : [[port, input] as const])),
    }));
}
