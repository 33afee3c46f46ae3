/** Every version of the graph that is open: named, compared, put on the canvas again. */

import { useEffect, useState } from "react";

import { fetchVersions, nameVersion } from "../api/graphs.ts";
import type { GraphVersion } from "../api/generated.ts";
import { compare, type Comparison } from "../core/compare.ts";
import type { Draft } from "../core/draft.ts";
import { edit, useDocuments } from "../state/documents.ts";
import { usePreferences, useSay, useSayThat } from "../state/preferences.ts";
import { openSaved } from "../state/saving.ts";
import { activeIn, useTabs } from "../state/tabs.ts";
import { fetchVersion } from "../state/versions.ts";
import { toast } from "../state/views.ts";
import type { Said } from "../words/say.ts";
import { agoText } from "../words/when.ts";
import { Differences } from "./Differences.tsx";

export function Versions() {
  const say = useSay();
  const name = useTabs((state) => activeIn(state).saved?.name ?? "");
  return name === "" ? <p className="none">{say("versions.unsaved")}</p> : <VersionsOf key={name} name={name} />;
}

function VersionsOf({ name }: { readonly name: string }) {
  const say = useSay();
  const sayThat = useSayThat();
  const newest = useTabs((state) => activeIn(state).newer ?? activeIn(state).saved?.version ?? 0);
  const here = useTabs((state) => activeIn(state).saved?.version ?? 0);
  const { versions, next, failed, setVersions, more } = useVersions(name, newest);
  const [compared, setCompared] = useState<number | null>(null);
  return (
    <div className="scroll versions">
      <h2 className="versions-head">{say("versions.of", { name })}</h2>
      {failed !== null && <p className="wrong" role="alert">{sayThat(failed)}</p>}
      <ul>
        {versions.map((version) => (
          <li key={version.version} className="version" data-testid={`version:${String(version.version)}`}>
            <VersionHead version={version} isHere={version.version === here} onNamed={(named) => setVersions(versions.map((one) => (one.version === named.version ? named : one)))} />
            <p className="version-acts">
              <button type="button" className="link" aria-pressed={compared === version.version} onClick={() => setCompared(compared === version.version ? null : version.version)}>
                {say("versions.compare")}
              </button>
              <button type="button" className="link" onClick={() => void restore(name, version.version)}>
                {say("versions.restore")}
              </button>
              <button type="button" className="link" onClick={() => void openSaved(name, version.version)}>
                {say("versions.open")}
              </button>
            </p>
            {compared === version.version && <Compared name={name} version={version.version} others={versions.map((one) => one.version).filter((one) => one !== version.version)} />}
          </li>
        ))}
      </ul>
      {next !== null && (
        <button type="button" className="link versions-more" onClick={more}>
          {say("versions.more")}
        </button>
      )}
    </div>
  );
}

function useVersions(name: string, newest: number) {
  const [versions, setVersions] = useState<readonly GraphVersion[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [failed, setFailed] = useState<Said | null>(null);
  const fetchPage = (cursor: string | null, before: readonly GraphVersion[]) =>
    fetchVersions(name, cursor).then((reply) => {
      if (!reply.isOk) {
        setFailed(reply.said);
        return;
      }
      setFailed(null);
      setVersions([...before, ...reply.value.items]);
      setNext(reply.value.next ?? null);
    });
  useEffect(() => {
    void fetchPage(null, []);
    // Saved again, here or elsewhere: there is a version more.
    // eslint-disable-next-line react-hooks/exhaustive-deps -- asking is made anew at each drawing
  }, [name, newest]);
  return { versions, next, failed, setVersions, more: () => void fetchPage(next, versions) };
}

function VersionHead({ version, isHere, onNamed }: { readonly version: GraphVersion; readonly isHere: boolean; readonly onNamed: (version: GraphVersion) => void }) {
  const say = useSay();
  const language = usePreferences((state) => state.language);
  const [note, setNote] = useState(version.note);
  const keep = async () => {
    const wanted = note.trim();
    if (wanted === version.note) return;
    const reply = await nameVersion(version.name, version.version, wanted);
    if (reply.isOk) onNamed(reply.value);
    else toast(reply.said);
  };
  return (
    <>
      <p className="version-head">
        <strong>{say("versions.number", { version: version.version })}</strong>
        {isHere && <span className="badge">{say("versions.here")}</span>}
        <span className="version-meta">{say("versions.meta", { when: agoText(language, version.created), author: version.author })}</span>
      </p>
      <input
        className="box version-note"
        type="text"
        maxLength={200}
        aria-label={say("versions.name", { version: version.version })}
        placeholder={say("versions.unnamed")}
        value={note}
        onChange={(event) => setNote(event.target.value)}
        onBlur={() => void keep()}
        onKeyDown={(event) => {
          if (event.key === "Enter") event.currentTarget.blur();
        }}
      />
    </>
  );
}

/** Put a version on the canvas: an edit like any other. */
async function restore(name: string, version: number): Promise<void> {
  const found = await fetchVersion(name, version);
  if (!found.isOk) {
    toast(found.said);
    return;
  }
  edit("deed.restore", () => found.value.draft);
  toast({ key: "versions.restored", values: { version } });
}

/** A version beside another, or beside what is on the canvas, which may change meanwhile. */
function Compared({ name, version, others }: { readonly name: string; readonly version: number; readonly others: readonly number[] }) {
  const say = useSay();
  const sayThat = useSayThat();
  const [other, setOther] = useState(0);
  const now = useDocuments((state) => state.history.now);
  const before = useVersion(name, version);
  const fetched = useVersion(name, other);
  const after = other === 0 ? now : fetched;
  let comparison: Comparison | null = null;
  if (before !== null && after !== null && "graph" in before && "graph" in after) comparison = compare(before, after);
  const failed = [before, after].find((one): one is Said => one !== null && "key" in one);
  return (
    <div className="version-compare">
      <label className="field-line">
        <span>{say("versions.with", { version })}</span>
        <select className="box" value={other} onChange={(event) => setOther(Number(event.target.value))}>
          <option value={0}>{say("versions.draft")}</option>
          {others.map((one) => (
            <option key={one} value={one}>
              {say("versions.number", { version: one })}
            </option>
          ))}
        </select>
      </label>
      {failed !== undefined && <p className="wrong">{sayThat(failed)}</p>}
      {comparison !== null && (
        <Differences comparison={comparison} before={say("conflict.theirs", { version })} after={other === 0 ? say("conflict.mine") : say("conflict.theirs", { version: other })} />
      )}
    </div>
  );
}

/** The draft of a version once it is there, or why it is not; 0 stands for none. */
function useVersion(name: string, version: number): Draft | Said | null {
  const [found, setFound] = useState<{ readonly version: number; readonly what: Draft | Said } | null>(null);
  useEffect(() => {
    let isWanted = version !== 0;
    if (isWanted) {
      void fetchVersion(name, version).then((reply) => {
        if (isWanted) setFound({ version, what: reply.isOk ? reply.value.draft : reply.said });
      });
    }
    return () => {
      isWanted = false;
    };
  }, [name, version]);
  return found?.version === version ? found.what : null;
}
