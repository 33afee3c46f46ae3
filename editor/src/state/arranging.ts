/** Auto layout, in a worker for large graphs; one step of undo. */

import { moveNodes } from "../core/edit/nodes.ts";
import { withView } from "../core/draft.ts";
import { anyOverlap, around, rectOf, type TypeOf } from "../core/geometry.ts";
import { layOutInColumns } from "../core/layout/layered.ts";
import { anchored, MOST_AT_ONCE, type Points, type Sheet, sheetOf } from "../core/layout/layout.ts";
import { draftNow, edit, typeOfNow } from "./documents.ts";
import { selectedNodes, wholeRect } from "./actions.ts";
import { stageNow } from "./stage.ts";
import type { Draft } from "../core/draft.ts";

async function pointsOf(sheet: Sheet): Promise<Points> {
  if (sheet.boxes.length <= MOST_AT_ONCE) return layOutInColumns(sheet);
  const worker = new Worker(new URL("../core/layout/worker.ts", import.meta.url), { type: "module" });
  try {
    return await new Promise<Points>((resolve, reject) => {
      worker.onmessage = (message: MessageEvent<Points>) => resolve(message.data);
      worker.onerror = (error) => reject(new Error(error.message));
      worker.postMessage(sheet);
    });
  } finally {
    worker.terminate();
  }
}

/** A draft whose nodes are laid out from left to right. */
export async function laidOut(draft: Draft, names: ReadonlySet<string>, typeOf: TypeOf = typeOfNow): Promise<Draft> {
  const sheet = sheetOf(draft, typeOf, names);
  const corner = around([...names].map((name) => rectOf(draft, typeOf, name))) ?? { x: 0, y: 0 };
  const points = anchored(await pointsOf(sheet), sheet, corner);
  // Points that wires went through lead nowhere once their nodes have moved.
  const reroutes = new Map([...draft.view.reroutes].filter(([input]) => !names.has(input.slice(0, input.lastIndexOf(".")))));
  return moveNodes(withView(draft, { reroutes }), points);
}

/** A draft with its nodes apart: laid out where any of them lie on each other, as in graphs written by hand. */
export async function apart(draft: Draft, typeOf: TypeOf): Promise<Draft> {
  const names = new Set(draft.graph.nodes.keys());
  return anyOverlap([...names].map((name) => rectOf(draft, typeOf, name))) ? laidOut(draft, names, typeOf) : draft;
}

/** Lay the selection out, or all where fewer than two are selected. */
export async function layOut(): Promise<void> {
  const selected = selectedNodes();
  const before = draftNow();
  const names = selected.size > 1 ? selected : new Set(before.graph.nodes.keys());
  const after = await laidOut(before, names);
  if (draftNow() !== before) return;
  edit("deed.layout", () => after);
  const whole = wholeRect();
  if (selected.size <= 1 && whole !== undefined) stageNow()?.show(whole);
}
