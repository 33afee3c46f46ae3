/** Files on their way to the server: begun, sent in parts, known by their digest. */

import * as v from "valibot";

import { Upload } from "./generated.ts";
import { type Answer, ask, refused } from "./http.ts";

/** Bytes of one part: what was sent is not sent again when a part fails. */
const PART = 4 * 2 ** 20;
/** The last part is answered with the artefact, the others with how much is there. */
const SENT = v.union([Upload, v.object({ digest: v.string() })]);

/** Send a file; gives the digest that graphs name it by. `onSent` is told after each part which share is there, and says whether to go on. */
export async function uploadFile(file: File, type?: "mask", onSent?: (fraction: number) => boolean): Promise<Answer<string>> {
  const begun = await ask("/uploads", Upload, { method: "POST", json: JSON.stringify({ name: file.name, size: file.size, type }) });
  if (!begun.isOk) return begun;
  for (let offset = begun.value.offset; offset < file.size; ) {
    const part = file.slice(offset, offset + PART);
    const headers = { "Upload-Offset": String(offset), "Content-Type": "application/octet-stream" };
    const sent = await ask(`/uploads/${begun.value.id}`, SENT, { method: "PATCH", bytes: part, headers });
    if (!sent.isOk) return sent;
    if (!("offset" in sent.value)) return { isOk: true, value: sent.value.digest };
    offset = sent.value.offset;
    if (onSent?.(offset / file.size) === false) {
      // What was sent so far is of no use to anyone.
      await ask(`/uploads/${begun.value.id}`, v.null(), { method: "DELETE" });
      return refused({ key: "drop.cancelled", values: {} });
    }
  }
  return refused({ key: "server.strange", values: { path: "/uploads" } });
}
