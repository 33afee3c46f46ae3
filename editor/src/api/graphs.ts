/** Graphs that the server keeps, by name, with every version of each. */

import { type Draft, draftText, readDraft } from "../core/draft.ts";
import { GraphVersion, GraphVersionPage, SavedGraphPage } from "./generated.ts";
import { type Answer, ask, askText, refused } from "./http.ts";

/** The status that says that another version is there than the one that was changed. */
export const CHANGED = 412;
export const GONE = 404;

const path = (name: string) => `/graphs/${encodeURIComponent(name)}`;

/** Keep a graph under a name that is free; which one it became. */
export async function createGraph(draft: Draft, names: Iterable<string>): Promise<Answer<string>> {
  for (const name of names) {
    const reply = await saveVersion(name, draft, null);
    if (reply.isOk) return { isOk: true, value: reply.value.name };
    if (reply.status !== CHANGED) return reply;
  }
  return refused({ key: "server.taken", values: {} }, CHANGED);
}

/** Save a graph over the version that was changed; null for a name that is to be free. */
export function saveVersion(name: string, draft: Draft, version: number | null, note = ""): Promise<Answer<GraphVersion>> {
  const headers: Record<string, string> = version === null ? { "If-None-Match": "*" } : { "If-Match": `"${String(version)}"` };
  return ask(`${path(name)}${note === "" ? "" : `?note=${encodeURIComponent(note)}`}`, GraphVersion, { method: "PUT", json: draftText(draft), headers });
}

/** The document of a saved graph, as text; the newest version unless one is named. */
export function fetchGraph(name: string, version?: number): Promise<Answer<string>> {
  return askText(version === undefined ? path(name) : `${path(name)}/versions/${String(version)}`);
}

export function fetchVersions(name: string, cursor: string | null = null, limit = 50): Promise<Answer<GraphVersionPage>> {
  return ask(`${path(name)}/versions?limit=${String(limit)}${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`, GraphVersionPage);
}

/** Give a version a name, or another. */
export function nameVersion(name: string, version: number, note: string): Promise<Answer<GraphVersion>> {
  return ask(`${path(name)}/versions/${String(version)}`, GraphVersion, { method: "PATCH", json: JSON.stringify({ note }) });
}

export function fetchGraphs(cursor: string | null = null): Promise<Answer<SavedGraphPage>> {
  return ask(`/graphs?limit=100${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`, SavedGraphPage);
}

/** A saved graph with its version, as one answer: what is there now. */
export async function fetchNewest(name: string): Promise<Answer<{ readonly version: number; readonly draft: Draft }>> {
  const versions = await fetchVersions(name, null, 1);
  if (!versions.isOk) return versions;
  const version = versions.value.items[0]?.version ?? 0;
  const text = await fetchGraph(name, version);
  if (!text.isOk) return text;
  const read = readDraft(text.value);
  if (read.isOk) return { isOk: true, value: { version, draft: read.value } };
  return refused(read.faults[0]?.said ?? { key: "server.strange", values: { path: path(name) } });
}

/** A saved graph or a template, both of which nodes may stand for; undefined where there is none. */
export async function fetchSaved(name: string): Promise<Draft | undefined> {
  for (const at of [path(name), `/templates/${encodeURIComponent(name)}`]) {
    const reply = await askText(at);
    const read = reply.isOk ? readDraft(reply.value) : undefined;
    if (read?.isOk === true) return read.value;
  }
  return undefined;
}
