/** Graphs that the server keeps, by name. */

import * as v from "valibot";

import { type Draft, draftText, readDraft } from "../core/draft.ts";
import { type Answer, ask, askText } from "./http.ts";

const VERSION = v.object({ name: v.string(), version: v.number() });

/** Keep a graph under a name that is free; which one it became. */
export async function createGraph(draft: Draft, names: Iterable<string>): Promise<Answer<string>> {
  let reply: Answer<{ name: string }> | undefined;
  for (const name of names) {
    reply = await ask("/graphs", VERSION, { method: "POST", json: `{"name": ${JSON.stringify(name)}, "graph": ${draftText(draft)}}` });
    if (reply.isOk) return { isOk: true, value: reply.value.name };
    if (reply.status !== TAKEN) return reply;
  }
  return { isOk: false, status: TAKEN, said: { key: "server.taken", values: {} }, faults: [] };
}

/** The status that says that a name stands for a graph already. */
const TAKEN = 412;

/** A saved graph or a template, both of which nodes may stand for; undefined where there is none. */
export async function fetchSaved(name: string): Promise<Draft | undefined> {
  for (const path of [`/graphs/${encodeURIComponent(name)}`, `/templates/${encodeURIComponent(name)}`]) {
    const reply = await askText(path);
    const read = reply.isOk ? readDraft(reply.value) : undefined;
    if (read?.isOk === true) return read.value;
  }
  return undefined;
}
