/** The page of a link: asks what it shows, and shows that alone. */

import "../theme/tokens.css";
import "../theme/base.css";
import "../theme/panels.css";
import "../theme/viewer.css";
import "../theme/player.css";

import * as v from "valibot";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { Shared } from "../api/generated.ts";
import { followTheme, useSay } from "../state/preferences.ts";
import { bytesAt, setSource } from "../viewer/source.ts";
import type { PlainKey } from "../words/say.ts";
import { type Played, Player } from "./Player.tsx";

const link = location.pathname.replace(/\/$/, "");

/** What the link shows, or the sentence that says why nothing. */
async function shown(): Promise<Played | PlainKey> {
  try {
    const reply = await fetch(`${link}/scene.json`);
    if (!reply.ok) return reply.status === 403 ? "share.over" : "server.gone";
    const read = v.safeParse(Shared, await reply.json());
    return read.success ? read.output : "share.over";
  } catch {
    return "server.gone";
  }
}

function Sentence({ words }: { readonly words: PlainKey }) {
  const say = useSay();
  return (
    <main className="player-none" data-testid="share-none">
      <p>{say(words)}</p>
    </main>
  );
}

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no place for the scene");
followTheme(document.documentElement);
setSource((digest) => bytesAt(`${link}/content/${digest}`));
const found = await shown();
if (typeof found !== "string" && found.title !== "") document.title = `${found.title} – Diorama`;
createRoot(root).render(<StrictMode>{typeof found === "string" ? <Sentence words={found} /> : <Player {...found} />}</StrictMode>);
