/** A page that holds its scene within itself: opened from a disk, without a server. */

import "../theme/tokens.css";
import "../theme/base.css";
import "../theme/panels.css";
import "../theme/viewer.css";
import "../theme/player.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { followTheme } from "../state/preferences.ts";
import { setSource } from "../viewer/source.ts";
import { Player } from "./Player.tsx";

/** Bytes that stand in the page as base64, in an element of that id. */
function held(id: string): Promise<ArrayBuffer> {
  const text = document.getElementById(id)?.textContent;
  if (text === undefined) return Promise.reject(new Error(`nothing stands at ${id}`));
  const packed = atob(text.trim());
  const bytes = new Uint8Array(packed.length);
  for (let at = 0; at < packed.length; at += 1) bytes[at] = packed.charCodeAt(at);
  return Promise.resolve(bytes.buffer);
}

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no place for the scene");
followTheme(document.documentElement);
setSource(held);
const sounds = [...document.querySelectorAll("[data-sound]")].map(({ id }) => id);
createRoot(root).render(
  <StrictMode>
    <Player title={document.title} scene="scene" sounds={sounds} />
  </StrictMode>,
);
