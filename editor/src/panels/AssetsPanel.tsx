/** The gallery: small pictures of what was made, by kind, graph and age; one that is pressed tells where it comes from. */

import { AudioLines, Box, FileQuestion, Film, Image as Picture, Package } from "lucide-react";
import { useEffect, useState } from "react";

import { pictureOf } from "../api/assets.ts";
import type { Artefact } from "../api/generated.ts";
import { isPictured } from "../core/media.ts";
import { AGES, type Age, type AssetKind, filterAssets, listAssets, showAsset, useAssets } from "../state/assets.ts";
import { useDocuments } from "../state/documents.ts";
import { hearLive } from "../state/live.ts";
import { useSay } from "../state/preferences.ts";
import { PagedList } from "./PagedList.tsx";
import { AssetDetails } from "./assets/AssetDetails.tsx";
import { ASSET_DRAG } from "./assets/drag.ts";

const ICONS = { image: Picture, mask: Picture, audio: AudioLines, wav: AudioLines, mp3: AudioLines, ogg: AudioLines, video: Film, mesh: Box, rig: Box, scene: Box, bundle: Package } as const;

export function AssetsPanel() {
  const shown = useAssets((state) => state.shown);
  return shown === null ? <Gallery /> : <AssetDetails key={shown.id} asset={shown} />;
}

function Gallery() {
  const say = useSay();
  const items = useAssets((state) => state.items);
  const next = useAssets((state) => state.next);
  const said = useAssets((state) => state.said);
  const isKnown = useAssets((state) => state.isKnown);
  useEffect(() => {
    void listAssets();
    return hearLive("queue", (event) => (event.kind === "run_ended" ? void listAssets() : undefined), () => void listAssets());
  }, []);
  return (
    <div className="scroll assets" data-testid="assets">
      <Filters />
      <PagedList said={said} isKnown={isKnown} isEmpty={items.length === 0} none="assets.none" more={next === null ? null : () => void listAssets(next)}>
        <ul className="asset-grid" aria-label={say("panel.assets")}>
          {items.map((asset) => (
            <li key={asset.id}>
              <AssetCard asset={asset} />
            </li>
          ))}
        </ul>
      </PagedList>
    </div>
  );
}

function Filters() {
  const say = useSay();
  const kind = useAssets((state) => state.kind);
  const title = useAssets((state) => state.title);
  const age = useAssets((state) => state.age);
  const open = useDocuments((state) => state.history.now.graph.title);
  return (
    <div className="runs-bar">
      <select className="box" aria-label={say("assets.type")} value={kind ?? ""} onChange={(event) => filterAssets({ kind: kindIn(event.target.value) })}>
        <option value="">{say("assets.anyType")}</option>
        {KINDS.map((one) => (
          <option key={one} value={one}>
            {say(`assets.${one}`)}
          </option>
        ))}
      </select>
      <select className="box" aria-label={say("assets.age")} value={age} onChange={(event) => filterAssets({ age: ageIn(event.target.value) })}>
        {Object.keys(AGES).map((one) => (
          <option key={one} value={one}>
            {say(`assets.age.${ageIn(one)}`)}
          </option>
        ))}
      </select>
      <select className="box" aria-label={say("runs.graph")} value={title === null ? "all" : "this"} onChange={(event) => filterAssets({ title: event.target.value === "all" ? null : open })}>
        <option value="all">{say("runs.allGraphs")}</option>
        {(open !== "" || title !== null) && <option value="this">{title ?? open}</option>}
      </select>
    </div>
  );
}

const KINDS: readonly AssetKind[] = ["image", "mesh", "rig", "motion", "scene", "audio", "video", "splat", "mask", "file"];

function kindIn(text: string): AssetKind | null {
  return KINDS.find((kind) => kind === text) ?? null;
}

function ageIn(text: string): Age {
  return text === "day" || text === "week" || text === "month" ? text : "any";
}

function AssetCard({ asset }: { readonly asset: Artefact }) {
  const say = useSay();
  return (
    <button
      type="button"
      className="asset"
      draggable
      title={say("assets.open", { name: asset.name })}
      data-testid={`asset:${asset.name}`}
      onDragStart={(event) => {
        event.dataTransfer.setData(ASSET_DRAG, `${asset.type} ${asset.digest}`);
        event.dataTransfer.effectAllowed = "copy";
      }}
      onClick={() => void showAsset(asset)}
    >
      <AssetPicture asset={asset} />
      <span className="asset-name">{asset.name}</span>
      <span className="asset-type">{asset.type}</span>
    </button>
  );
}

export function AssetPicture({ asset }: { readonly asset: Artefact }) {
  const [isBroken, setBroken] = useState(false);
  const Icon = Object.entries(ICONS).find(([type]) => type === asset.type)?.[1] ?? FileQuestion;
  return (
    <span className="asset-picture">
      {isBroken || !isPictured({ type: asset.type, mediaType: asset.media_type, facts: asset.facts }) ? <Icon size={20} strokeWidth={1.25} aria-hidden="true" /> : <img src={pictureOf(asset.digest)} alt="" loading="lazy" draggable={false} onError={() => setBroken(true)} />}
    </span>
  );
}
