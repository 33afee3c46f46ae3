/** The gallery: what runs made and what was uploaded, filtered; what is known of the one that is looked at. */

import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";

import { fetchAssets, fetchManifest } from "../api/assets.ts";
import type { Artefact } from "../api/generated.ts";
import { fetchRunGraph } from "../api/runs.ts";
import { setValue } from "../core/edit/inputs.ts";
import { readGraph } from "../core/graphRead.ts";
import { chainTo, type Link, makerOf } from "../core/provenance.ts";
import { baseOf } from "../core/types.ts";
import type { Point } from "../core/view.ts";
import type { Said } from "../words/say.ts";
import { placeNode, revealNode } from "./actions.ts";
import { documents, draftNow, edit } from "./documents.ts";
import { openPast } from "./past.ts";
import { stageNow } from "./stage.ts";
import { toast } from "./views.ts";

export const AGES = { any: null, day: 86_400, week: 7 * 86_400, month: 30 * 86_400 } as const;
export type Age = keyof typeof AGES;
/** What the gallery is narrowed to, and the types that are of that kind. */
export const ASSET_KINDS = {
  image: ["image"],
  mesh: ["mesh"],
  rig: ["rig"],
  motion: ["motion"],
  scene: ["scene"],
  audio: ["audio", "wav", "mp3", "ogg"],
  video: ["video"],
  splat: ["splat"],
  mask: ["mask"],
  file: ["file", "bundle"],
} as const;
export type AssetKind = keyof typeof ASSET_KINDS;

export interface Provenance {
  readonly asset: string;
  /** The node that made it; empty where that is not known. */
  readonly node: string;
  readonly title: string;
  readonly started: number | null;
  readonly chain: readonly Link[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly models: readonly { readonly name: string; readonly license: string }[];
}

export interface Assets {
  readonly kind: AssetKind | null;
  readonly title: string | null;
  readonly age: Age;
  readonly items: readonly Artefact[];
  readonly next: string | null;
  readonly isKnown: boolean;
  readonly said: Said | null;
  readonly shown: Artefact | null;
  readonly provenance: Provenance | null;
}

export const assets = createStore<Assets>(() => ({ kind: null, title: null, age: "any", items: [], next: null, isKnown: false, said: null, shown: null, provenance: null }));

export function useAssets<T>(select: (state: Assets) => T): T {
  return useStore(assets, select);
}

const PAGE = 60;
let asked = 0;

export async function listAssets(cursor?: string): Promise<void> {
  asked += 1;
  const number = asked;
  const { kind, title, age } = assets.getState();
  const seconds = AGES[age];
  const since = seconds === null ? undefined : Math.floor(Date.now() / 1000 - seconds);
  const reply = await fetchAssets({ types: kind === null ? [] : ASSET_KINDS[kind], title: title ?? undefined, since, limit: PAGE, cursor });
  if (number !== asked) return;
  if (!reply.isOk) {
    assets.setState({ said: reply.said });
    return;
  }
  const { items, next } = reply.value;
  assets.setState((state) => ({ items: once(cursor === undefined ? items : [...state.items, ...items]), next: next ?? null, isKnown: true, said: null }));
}

/** Each value once, however many runs gave it; under the name of a result rather than of an output. */
function once(items: readonly Artefact[]): readonly Artefact[] {
  const found = new Map<string, Artefact>();
  for (const item of items) {
    const known = found.get(item.digest);
    if (known === undefined || (known.name.includes(".") && !item.name.includes(".") && known.run === item.run)) found.set(item.digest, item);
  }
  return [...found.values()];
}

export function filterAssets(filter: Partial<Pick<Assets, "kind" | "title" | "age">>): void {
  assets.setState(filter);
  void listAssets();
}

/** Look at one, and ask where it comes from. */
export async function showAsset(asset: Artefact | null): Promise<void> {
  assets.setState({ shown: asset, provenance: null });
  if (asset?.run == null) return;
  const provenance = await provenanceOf(asset, asset.run);
  if (assets.getState().shown === asset) assets.setState({ provenance });
}

async function provenanceOf(asset: Artefact, run: string): Promise<Provenance | null> {
  const [manifest, text] = await Promise.all([fetchManifest(run), fetchRunGraph(run)]);
  const read = text.isOk ? readGraph(text.value) : undefined;
  if (!manifest.isOk || read?.isOk !== true) return null;
  const { calls, title, started, parameters, models } = manifest.value;
  const node = makerOf(calls, asset.digest) ?? read.value.graph.results.get(asset.name)?.node ?? "";
  const chain = node === "" ? [] : chainTo(read.value.graph, calls, node);
  const used = new Set(chain.flatMap(({ type }) => documents.getState().catalogue.nodes.get(type)?.models ?? []));
  return { asset: asset.id, node, title, started, chain, parameters, models: models.filter(({ name }) => used.has(name)) };
}

/** Open the run that made it as it was, at the node that did. */
export async function openAtAsset(asset: Artefact, node: string): Promise<void> {
  if (asset.run === null || !(await openPast(asset.run))) return;
  if (draftNow().graph.nodes.has(node)) requestAnimationFrame(() => requestAnimationFrame(() => revealNode(node)));
}

/** Add a node that loads it, in the middle of what is in view or where it was dropped. */
export function putAsset(digest: string, type: string, at: Point = stageNow()?.center() ?? { x: 0, y: 0 }): void {
  const loader = [...documents.getState().catalogue.nodes.values()].find(
    (one) => one.inputs.some((port) => port.type === "file") && one.outputs.some((output) => baseOf(output.type) === type),
  );
  const port = loader?.inputs.find((one) => one.type === "file");
  if (loader === undefined || port === undefined) {
    toast({ key: "assets.noLoader", values: { type } });
    return;
  }
  const name = placeNode(loader.id, at);
  edit("deed.value", (draft) => setValue(draft, { node: name, port: port.name }, digest));
}
