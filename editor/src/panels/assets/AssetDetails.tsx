/** An asset: what it is, where it comes from, what can be done with it. */

import { ArrowLeft, Download, GitBranch, Plus } from "lucide-react";
import type { ReactNode } from "react";

import { bytesOf } from "../../api/assets.ts";
import type { Artefact } from "../../api/generated.ts";
import { canonical } from "../../core/jsonWrite.ts";
import type { Link } from "../../core/provenance.ts";
import { openAtAsset, putAsset, type Provenance, showAsset, useAssets } from "../../state/assets.ts";
import { usePreferences, useSay } from "../../state/preferences.ts";
import { bytesText, momentText, secondsText } from "../../words/when.ts";
import { Shown } from "../../viewer/Shown.tsx";

export function AssetDetails({ asset }: { readonly asset: Artefact }) {
  const say = useSay();
  const language = usePreferences((state) => state.language);
  const provenance = useAssets((state) => state.provenance);
  const digest = asset.digest.replace(/^blake3:/, "");
  return (
    <div className="scroll asset-details" data-testid="asset-details">
      <button type="button" className="link" onClick={() => void showAsset(null)}>
        <ArrowLeft size={14} aria-hidden="true" />
        {say("assets.back")}
      </button>
      <h2>{asset.name}</h2>
      <div className="asset-shown">
        <Shown name={asset.name} given={{ kind: "artefact", digest, type: asset.type, mediaType: asset.media_type, facts: asset.facts }} isSmall={false} />
      </div>
      <div className="asset-tools">
        <button type="button" className="quiet" data-testid="asset-use" onClick={() => putAsset(asset.digest, asset.type)}>
          <Plus size={14} aria-hidden="true" />
          {say("assets.use")}
        </button>
        <a className="quiet" href={bytesOf(asset.digest)} download={asset.name} data-testid="asset-download">
          <Download size={14} aria-hidden="true" />
          {say("assets.download")}
        </a>
        {asset.run !== null && (
          <button type="button" className="quiet" data-testid="asset-open" onClick={() => void openAtAsset(asset, provenance?.node ?? "")}>
            <GitBranch size={14} aria-hidden="true" />
            {say("assets.openGraph")}
          </button>
        )}
      </div>
      <dl className="facts">
        <Fact name={say("assets.type")}>{asset.type}</Fact>
        <Fact name={say("assets.size")}>{bytesText(language, asset.size)}</Fact>
        <Fact name={say("assets.made")}>{momentText(language, asset.created)}</Fact>
        {Object.entries(asset.facts).map(([name, value]) => (typeof value === "string" || typeof value === "number" ? <Fact key={name} name={name.replaceAll("_", " ")}>{value}</Fact> : null))}
      </dl>
      {asset.run === null ? <p className="help">{say("assets.uploaded")}</p> : provenance !== null && <Origin provenance={provenance} />}
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Origin({ provenance }: { readonly provenance: Provenance }) {
  const say = useSay();
  const parameters = Object.entries(provenance.parameters);
  return (
    <section aria-label={say("assets.origin")} data-testid="provenance">
      <h3>{say("assets.origin")}</h3>
      <p>{provenance.title === "" ? say("graph.untitled") : provenance.title}</p>
      {parameters.length > 0 && (
        <dl className="facts">
          {parameters.map(([name, value]) => (
            <Fact key={name} name={name}>
              {typeof value === "string" ? value : JSON.stringify(value)}
            </Fact>
          ))}
        </dl>
      )}
      <ol className="chain">
        {provenance.chain.map((link) => (
          <ChainLink key={link.node} link={link} />
        ))}
      </ol>
      {provenance.models.length > 0 && (
        <>
          <h3>{say("assets.models")}</h3>
          <ul>
            {provenance.models.map(({ name, license }) => (
              <li key={name}>
                {name} <span className="count">{license}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function ChainLink({ link }: { readonly link: Link }) {
  const language = usePreferences((state) => state.language);
  return (
    <li>
      <strong>{link.node}</strong> <code>{link.type}</code> <span className="count">{secondsText(language, link.seconds)}</span>
      {link.given.length > 0 && (
        <dl className="facts">
          {link.given.map(([port, input]) => (
            <Fact key={port} name={port.replaceAll("_", " ")}>
              {input.kind === "param" ? `= ${input.name}` : typeof input.value === "string" ? input.value : canonical(input.value)}
            </Fact>
          ))}
        </dl>
      )}
    </li>
  );
}
