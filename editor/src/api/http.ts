/** Requests to the server that the page came from, and its errors as sentences. */

import * as v from "valibot";

import type { Said } from "../words/say.ts";

export const API = "/api/v1";

/** What a request gave, or why it gave nothing. */
export type Answer<T> = { readonly isOk: true; readonly value: T } | { readonly isOk: false; readonly said: Said; readonly status: number };

const PROBLEM = v.object({
  title: v.optional(v.string(), ""),
  detail: v.optional(v.string(), ""),
  faults: v.optional(v.array(v.object({ code: v.string(), at: v.string(), message: v.string() })), []),
});

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
  const read = v.safeParse(schema, await reply.value.json());
  if (read.success) return { isOk: true, value: read.output };
  return { isOk: false, status: reply.value.status, said: { key: "server.strange", values: { path } } };
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
      headers: { ...(json === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body }),
    });
    if (response.ok) return { isOk: true, value: response };
    return { isOk: false, status: response.status, said: await saidOf(response) };
  } catch {
    return { isOk: false, status: 0, said: { key: "server.gone", values: {} } };
  }
}

async function saidOf(response: Response): Promise<Said> {
  const read = v.safeParse(PROBLEM, await response.json().catch(() => ({})));
  const problem = read.success ? read.output : { title: "", detail: "", faults: [] };
  const words = problem.faults[0]?.message ?? (problem.detail || problem.title || response.statusText);
  return { key: "server.says", values: { words } };
}
