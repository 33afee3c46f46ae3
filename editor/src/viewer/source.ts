/** Where the bytes of what is shown and heard come from: the server, a link to a scene, or the page itself. */

import { bonesOf, contentOf } from "../api/runs.ts";

export type Source = (digest: string) => Promise<ArrayBuffer>;

/** Bytes at an address; rejects where there are none. */
export async function bytesAt(address: string): Promise<ArrayBuffer> {
  const reply = await fetch(address);
  if (!reply.ok) throw new Error(`${String(reply.status)} at ${address}`);
  return await reply.arrayBuffer();
}

const BONES = "bones:";

/** What stands for the bones of a motion where the digest of a GLB is asked for: the server makes one of them. */
export function bonesKey(digest: string): string {
  return BONES + digest;
}

let source: Source = (digest) => bytesAt(digest.startsWith(BONES) ? bonesOf(digest.slice(BONES.length)) : contentOf(digest));

/** Take bytes from elsewhere; before anything is shown. */
export function setSource(next: Source): void {
  source = next;
}

export function bytesOf(digest: string): Promise<ArrayBuffer> {
  return source(digest);
}
