/** Links by which others see a scene. */

import * as v from "valibot";

import { Share, SharePage } from "./generated.ts";
import { API, type Answer, ask } from "./http.ts";

export async function fetchShares(): Promise<Answer<readonly Share[]>> {
  const reply = await ask("/shares?limit=100", SharePage);
  return reply.isOk ? { isOk: true, value: reply.value.items } : reply;
}

/** A link that holds for so many seconds. */
export function createShare(scene: string, sounds: readonly string[], title: string, seconds: number): Promise<Answer<Share>> {
  const asked = { scene: `blake3:${scene}`, sounds: sounds.map((sound) => `blake3:${sound}`), title: title.slice(0, 200), seconds };
  return ask("/shares", Share, { method: "POST", json: JSON.stringify(asked) });
}

/** Take a link back. */
export function revokeShare(id: string): Promise<Answer<unknown>> {
  return ask(`/shares/${encodeURIComponent(id)}`, v.unknown(), { method: "DELETE" });
}

/** Where a scene is to be had as a page that needs no server. */
export function scenePageOf(scene: string, sounds: readonly string[], title: string): string {
  const asked = new URLSearchParams(sounds.slice(0, 8).map((sound) => ["sound", `blake3:${sound}`]));
  asked.set("title", title.slice(0, 200));
  return `${API}/artefacts/blake3:${scene}/scene.html?${asked.toString()}`;
}
