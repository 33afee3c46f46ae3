/** Says things in the user's language. A message is known by its key; holes in it are filled by name. */

import { de } from "./de.ts";
import { en } from "./en.ts";

export type MessageKey = keyof typeof en;
export type Language = "en" | "de";

/** The names of the holes in a message: `{name}`, or `{count|one node|# nodes}` which chooses by number. */
type Holes<Text extends string> = Text extends `${string}{${infer Hole}}${infer Rest}`
  ? (Hole extends `${infer Name}|${string}` ? Name : Hole) | Holes<Rest>
  : never;

/** A message without holes: what commands and labels are called. */
export type PlainKey = { [Key in MessageKey]: Holes<(typeof en)[Key]> extends never ? Key : never }[MessageKey];

export type Values<Key extends MessageKey> = Readonly<Record<Holes<(typeof en)[Key]>, string | number>>;

/** A message that is chosen and not yet said: what the core gives, and the view says. */
export type Said = { [Key in MessageKey]: { readonly key: Key; readonly values: Values<Key> } }[MessageKey];

export type Say = <Key extends MessageKey>(key: Key, ...values: HolesOf<Key>) => string;
type HolesOf<Key extends MessageKey> = Holes<(typeof en)[Key]> extends never ? [] : [Values<Key>];

export const LANGUAGES: Readonly<Record<Language, { readonly name: string; readonly words: Readonly<Record<MessageKey, string>> }>> = {
  en: { name: "English", words: en },
  de: { name: "Deutsch", words: de },
};

const HOLE = /\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g;

/** The text of a number with the sign that a language puts before the digits after it. */
export function withSign(language: Language, number: string): string {
  return language === "de" ? number.replace(".", ",") : number;
}

/** A message's text with its holes filled; numbers are written as the language writes them. */
export function filled(language: Language, text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(HOLE, (_, name: string, one: string | undefined, other: string | undefined) => {
    const value = values[name] ?? "";
    if (one === undefined || other === undefined) return typeof value === "number" ? withSign(language, String(value)) : value;
    return (Number(value) === 1 ? one : other).replace("#", String(value));
  });
}

/** What says messages in a language. */
export function sayIn(language: Language): Say {
  const { words } = LANGUAGES[language];
  return (key, ...[values]) => filled(language, words[key], values ?? {});
}

/** Says a message that the core chose. */
export function sayThat(language: Language, said: Said): string {
  return filled(language, LANGUAGES[language].words[said.key], said.values);
}
