/** Lets others see the scene: a link for a time, the links that were given, and the scene as a file of its own. */

import { Check, Copy, Download, Trash2 } from "lucide-react";
import { useEffect, useState } from "react";

import type { Share } from "../api/generated.ts";
import type { Answer } from "../api/http.ts";
import { createShare, fetchShares, revokeShare, scenePageOf } from "../api/shares.ts";
import { DialogBox } from "../app/DialogBox.tsx";
import { draftNow } from "../state/documents.ts";
import { usePreferences, useSay, useSayThat } from "../state/preferences.ts";
import type { PlainKey, Said } from "../words/say.ts";
import { momentText } from "../words/when.ts";

const HOUR = 3600;
const TIMES = [
  { seconds: HOUR, words: "share.hour" },
  { seconds: 24 * HOUR, words: "share.day" },
  { seconds: 7 * 24 * HOUR, words: "share.week" },
  { seconds: 30 * 24 * HOUR, words: "share.month" },
] as const satisfies readonly { readonly seconds: number; readonly words: PlainKey }[];

interface Props {
  readonly scene: string;
  readonly sounds: readonly string[];
  readonly onClose: () => void;
}

export function ShareDialog({ scene, sounds, onClose }: Props) {
  const say = useSay();
  const sayThat = useSayThat();
  const { shares, refused, make, revoke } = useShares(scene, sounds);
  const [seconds, setSeconds] = useState<number>(TIMES[2].seconds);
  return (
    <DialogBox title={say("share.title")} onClose={onClose} testId="share-dialog">
      <p className="help">{say("share.help")}</p>
      <div className="share-make">
        <label>
          <span>{say("share.holds")}</span>
          <select className="box" value={seconds} data-testid="share-time" onChange={(event) => setSeconds(Number(event.currentTarget.value))}>
            {TIMES.map((time) => (
              <option key={time.seconds} value={time.seconds}>
                {say(time.words)}
              </option>
            ))}
          </select>
        </label>
        <button type="button" className="primary" data-testid="share-make" onClick={() => void make(seconds)}>
          {say("share.make")}
        </button>
      </div>
      {refused !== null && (
        <p className="faults" role="alert">
          {sayThat(refused)}
        </p>
      )}
      <ul className="shares" aria-label={say("share.links")}>
        {shares.map((share) => (
          <Link key={share.id} share={share} onRevoke={() => void revoke(share.id)} />
        ))}
      </ul>
      <p className="share-file">
        <a className="link" href={scenePageOf(scene, sounds, draftNow().graph.title)} download="scene.html" data-testid="share-file">
          <Download size={14} aria-hidden="true" />
          {say("share.file")}
        </a>
        <span className="help">{say("share.fileHelp")}</span>
      </p>
    </DialogBox>
  );
}

function Link({ share, onRevoke }: { readonly share: Share; readonly onRevoke: () => void }) {
  const say = useSay();
  const language = usePreferences((state) => state.language);
  const [isCopied, setCopied] = useState(false);
  const address = `${location.origin}${share.path}`;
  return (
    <li data-testid={`share:${share.id}`}>
      <input className="box" readOnly value={address} aria-label={say("share.link", { title: share.title })} onFocus={(event) => event.currentTarget.select()} />
      <button
        type="button"
        className="tool"
        aria-label={say("share.copy")}
        title={say("share.copy")}
        onClick={() => void navigator.clipboard.writeText(address).then(() => setCopied(true))}
      >
        {isCopied ? <Check size={16} aria-hidden="true" /> : <Copy size={16} aria-hidden="true" />}
      </button>
      <button type="button" className="tool" aria-label={say("share.revoke")} title={say("share.revoke")} data-testid="share-revoke" onClick={onRevoke}>
        <Trash2 size={16} aria-hidden="true" />
      </button>
      <span className="share-until">
        {share.title} · {say("share.until", { moment: momentText(language, share.expires) })}
      </span>
    </li>
  );
}

/** The links that hold, the newest first. */
function useShares(scene: string, sounds: readonly string[]) {
  const [shares, setShares] = useState<readonly Share[]>([]);
  const [refused, setRefused] = useState<Said | null>(null);
  const take = (reply: Answer<readonly Share[]>) => {
    if (reply.isOk) setShares(reply.value.filter(({ holds }) => holds));
    else setRefused(reply.said);
  };
  useEffect(() => {
    void fetchShares().then(take);
  }, []);
  const make = async (seconds: number) => {
    const reply = await createShare(scene, sounds, draftNow().graph.title, seconds);
    setRefused(reply.isOk ? null : reply.said);
    take(await fetchShares());
  };
  const revoke = async (id: string) => {
    const reply = await revokeShare(id);
    setRefused(reply.isOk ? null : reply.said);
    take(await fetchShares());
  };
  return { shares, refused, make, revoke };
}
