/** Versions of saved graphs, as they are on the server. */

import { fetchGraph, type fetchNewest, fetchVersions } from "../api/graphs.ts";
import { refused } from "../api/http.ts";
import { type Draft, readDraft } from "../core/draft.ts";

/** Versions that are looked through for the one that a run took. */
const MOST_VERSIONS = 100;

/** One version of a saved graph. */
export async function fetchVersion(name: string, version: number): ReturnType<typeof fetchNewest> {
  const text = await fetchGraph(name, version);
  if (!text.isOk) return text;
  const read = readDraft(text.value);
  if (read.isOk) return { isOk: true, value: { version, draft: read.value } };
  return refused(read.faults[0]?.said ?? { key: "server.strange", values: { path: name } });
}

/** A saved graph as it was at a moment: a run takes the versions that are the newest when it is submitted. */
export async function draftAt(name: string, moment: number): Promise<Draft | undefined> {
  const version = await versionAt(name, moment);
  const found = version === undefined ? undefined : await fetchVersion(name, version);
  return found?.isOk === true ? found.value.draft : undefined;
}

export async function versionAt(name: string, moment: number): Promise<number | undefined> {
  const versions = await fetchVersions(name, null, MOST_VERSIONS);
  return versions.isOk ? versions.value.items.find(({ created }) => created <= moment)?.version : undefined;
}
