/** Requests to the server that the page came from, and its errors as sentences. */

import * as v from "valibot";

import type { Said } from "../words/say.ts";
import { type Fault, Problem } from "./generated.ts";
import { keyHeaders, tellKeyWanted } from "./key.ts";

export const API = "/api/v1";
/** The status of an answer without a body. */
const EMPTY = 204;
/** The status that says that the server does not know who asks. */
const NOBODY = 401;

/** Why a request gave nothing: in a sentence, and the server's faults with their places. */
export interface Refusal {
  readonly isOk: false;
  /** The status of the reply; 0 where there was none. */
  readonly status: number;
  readonly said: Said;
  readonly faults: readonly Fault[];
}

export type Answer<T> = { readonly isOk: true; readonly value: T } | Refusal;

export interface Ask {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly json?: string;
  readonly bytes?: Blob;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The JSON that a path gives, held to a schema. */
export async function ask<S extends v.GenericSchema>(path: string, schema: S, asked: Ask = {}): Promise<Answer<v.InferOutput<S>>> {
  const reply = await askRaw(path, asked);
  if (!reply.isOk) return reply;
  const read = v.safeParse(schema, reply.value.status === EMPTY ? null : await reply.value.json());
  if (read.success) return { isOk: true, value: read.output };
  return refused({ key: "server.strange", values: { path } });
}

export async function askText(path: string): Promise<Answer<string>> {
  const reply = await askRaw(path, {});
  return reply.isOk ? { isOk: true, value: await reply.value.text() } : reply;
}

async function askRaw(path: string, { method = "GET", json, bytes, headers = {} }: Ask): Promise<Answer<Response>> {
  const body = json ?? bytes;
  try {
    const response = await fetch(API + path, {
      method,
      headers: { ...(json === undefined ? {} : { "Content-Type": "application/json" }), ...keyHeaders(), ...headers },
      ...(body === undefined ? {} : { body }),
    });
    if (response.ok) return { isOk: true, value: response };
    if (response.status === NOBODY) tellKeyWanted();
    return await refusalOf(response);
  } catch {
    return refused({ key: "server.gone", values: {} });
  }
}

async function refusalOf(response: Response): Promise<Refusal> {
  const read = v.safeParse(Problem, await response.json().catch(() => null));
  if (!read.success) return refused({ key: "server.says", values: { words: response.statusText } }, response.status);
  const { faults, detail, title } = read.output;
  return refused({ key: "server.says", values: { words: faults[0]?.message ?? (detail || title) } }, response.status, faults);
}

export function refused(said: Said, status = 0, faults: readonly Fault[] = []): Refusal {
  return { isOk: false, status, said, faults };
}
