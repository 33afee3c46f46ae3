/** The values of a run before, put into the form. */

import type { Run } from "../api/generated.ts";
import { fetchRunGraph } from "../api/runs.ts";
import type { Draft } from "../core/draft.ts";
import { setParameter, setValue } from "../core/edit/inputs.ts";
import { wireOf } from "../core/graph.ts";
import { readGraph } from "../core/graphRead.ts";
import type { Graph } from "../core/graph.ts";
import { isSame, jsonOf } from "../core/json.ts";
import { edit } from "../state/documents.ts";
import { toast } from "../state/views.ts";

export async function takeValues(run: Run): Promise<void> {
  const text = await fetchRunGraph(run.id);
  const read = text.isOk ? readGraph(text.value) : undefined;
  if (!text.isOk) toast(text.said);
  if (read?.isOk === true) edit("deed.value", (draft) => withValuesOf(draft, run, read.value.graph));
}

/** The draft with the parameters of a run, and with what its graph gave to the inputs that are in the form. */
function withValuesOf(draft: Draft, run: Run, graph: Graph): Draft {
  let changed = draft;
  for (const [name, parameter] of draft.graph.parameters) {
    const value = name in run.parameters ? jsonOf(run.parameters[name]) : graph.parameters.get(name)?.default;
    if (value !== undefined && !isSame(value, parameter.default)) changed = setParameter(changed, name, { ...parameter, default: value });
  }
  for (const input of draft.view.form) {
    const to = wireOf(input);
    const given = to === undefined ? undefined : graph.nodes.get(to.node)?.inputs.get(to.port);
    if (to !== undefined && given?.kind === "value" && changed.graph.nodes.has(to.node)) changed = setValue(changed, to, given.value);
  }
  return changed;
}
