/** Seeds that are counted up after each run. */

import { type Draft, withView } from "../draft.ts";
import { type Graph, wireOf } from "../graph.ts";
import { numberIn } from "../json.ts";
import { LARGEST_SEED } from "../values.ts";
import { setParameter, setValue } from "./inputs.ts";

/** The inputs that one seed goes into, written `node.port`: an input by itself, or all that take the same parameter. */
export function seedInputs(graph: Graph, id: string): readonly string[] {
  const name = parameterAt(graph, id);
  if (name === null) return [id];
  return [...graph.nodes].flatMap(([node, { inputs }]) => [...inputs].filter(([, input]) => input.kind === "param" && input.name === name).map(([port]) => `${node}.${port}`));
}

/** The parameter that an id of a control stands for, or null where the input has a value of its own. */
export function parameterAt(graph: Graph, id: string): string | null {
  if (graph.parameters.has(id)) return id;
  const to = wireOf(id);
  const input = to === undefined ? undefined : graph.nodes.get(to.node)?.inputs.get(to.port);
  return input?.kind === "param" ? input.name : null;
}

export function setCounting(draft: Draft, input: string, isCounted: boolean): Draft {
  if (draft.view.counting.includes(input) === isCounted) return draft;
  const counting = isCounted ? [...draft.view.counting, input] : draft.view.counting.filter((one) => one !== input);
  return withView(draft, { counting });
}

/** The draft for the next run: every counted seed is one more. */
export function countedUp(draft: Draft): Draft {
  let changed = draft;
  const raised = new Set<string>();
  for (const text of draft.view.counting) {
    const to = wireOf(text);
    const input = to === undefined ? undefined : draft.graph.nodes.get(to.node)?.inputs.get(to.port);
    if (to === undefined || input === undefined || input.kind === "wire") continue;
    if (input.kind === "value") changed = setValue(changed, to, next(numberIn(input.value) ?? 0));
    const parameter = input.kind === "param" && !raised.has(input.name) ? draft.graph.parameters.get(input.name) : undefined;
    if (input.kind !== "param" || parameter === undefined) continue;
    raised.add(input.name);
    changed = setParameter(changed, input.name, { ...parameter, default: next(numberIn(parameter.default) ?? 0) });
  }
  return changed;
}

function next(seed: number): number {
  return seed >= LARGEST_SEED ? 0 : seed + 1;
}
