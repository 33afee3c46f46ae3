/** Files on their way to the server: begun, sent in parts, known by their digest. */

import * as v from "valibot";

import { type Answer, ask } from "./http.ts";

/** Bytes of one part: what was sent is not sent again when a part fails. */
const PART = 4 * 2 ** 20;
const UPLOAD = v.object({ id: v.string(), offset: v.number() });
const SENT = v.object({ offset: v.optional(v.number(), 0), artefact: v.optional(v.nullable(v.object({ digest: v.string() }))) });

/** Send a file; gives the digest that graphs name it by. */
export async function uploadFile(file: File): Promise<Answer<string>> {
  const begun = await ask("/uploads", UPLOAD, { method: "POST", json: JSON.stringify({ name: file.name, size: file.size }) });
  if (!begun.isOk) return begun;
  for (let offset = begun.value.offset; offset < file.size; ) {
    const part = file.slice(offset, offset + PART);
    const headers = { "Upload-Offset": String(offset), "Content-Type": "application/octet-stream" };
    const sent = await ask(`/uploads/${begun.value.id}`, SENT, { method: "PATCH", bytes: part, headers });
    if (!sent.isOk) return sent;
    if (sent.value.artefact != null) return { isOk: true, value: sent.value.artefact.digest };
    offset += part.size;
  }
  return { isOk: false, status: 0, said: { key: "server.strange", values: { path: "/uploads" } } };
}
