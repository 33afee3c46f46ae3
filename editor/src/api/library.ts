/** What the server has to offer: node types and templates. */

import * as v from "valibot";

import { type Catalogue, readCatalogue } from "../core/catalogue.ts";
import { type Template, Templates } from "./generated.ts";
import { type Answer, ask, askText } from "./http.ts";

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
