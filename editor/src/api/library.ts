/** What the server has to offer: node types and templates. */

import * as v from "valibot";

import { type Catalogue, readCatalogue } from "../core/catalogue.ts";
import { Plan, type Template, Templates } from "./generated.ts";
import { API, type Answer, ask, askText } from "./http.ts";

export async function fetchCatalogue(): Promise<Answer<Catalogue>> {
  const reply = await ask("/nodes", v.unknown());
  return reply.isOk ? { isOk: true, value: readCatalogue(reply.value) } : reply;
}


export async function fetchTemplates(): Promise<Answer<readonly Template[]>> {
  const reply = await ask("/templates", Templates);
  return reply.isOk ? { isOk: true, value: reply.value.items } : reply;
}

/** The document of a template, as text. */
export function fetchTemplate(name: string): Promise<Answer<string>> {
  return askText(`/templates/${encodeURIComponent(name)}`);
}

/** Where the picture of what a template makes is. */
export function pictureOf(name: string): string {
  return `${API}/templates/${encodeURIComponent(name)}/picture`;
}

/** What a run of a template as it comes would do. */
export function planTemplate(name: string): Promise<Answer<Plan>> {
  return ask("/plan", Plan, { method: "POST", json: JSON.stringify({ saved: name }) });
}
