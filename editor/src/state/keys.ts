/** Shortcuts as text: `Mod+Shift+Z`, where Mod is the key of the system. */

import type { Language } from "../words/say.ts";

const IS_MAC = navigator.platform.startsWith("Mac");

/** The text of a key press. */
export function pressed(event: KeyboardEvent): string {
  const parts: string[] = [];
  if (IS_MAC ? event.metaKey : event.ctrlKey) parts.push("Mod");
  if (event.altKey) parts.push("Alt");
  // A sign that takes Shift to be typed is known by itself.
  if (event.shiftKey && (event.key.length > 1 || /^[\p{L}\d]$/u.test(event.key))) parts.push("Shift");
  return [...parts, event.key.length === 1 ? event.key.toUpperCase() : event.key].join("+");
}

const ARROWS = { ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→" } as const;
/** What is written on the keys of keyboards in each language. */
const WRITTEN: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: { ...ARROWS, Mod: "Ctrl", Delete: "Del" },
  de: { ...ARROWS, Mod: "Strg", Shift: "Umschalt", Delete: "Entf", Escape: "Esc", PageUp: "Bild ↑", PageDown: "Bild ↓" },
};
const ON_MAC: Readonly<Record<string, string>> = { ...ARROWS, Mod: "⌘", Shift: "⇧", Alt: "⌥", Delete: "⌦" };

/** A shortcut as it is written on keys. */
export function shownKeys(language: Language, keys: string): string {
  const words = IS_MAC ? ON_MAC : WRITTEN[language];
  return keys
    .split("+")
    .map((key) => words[key] ?? key)
    .join(IS_MAC ? "" : "+");
}

/** Keys by command. */
export type KeyMap = Readonly<Record<string, string>>;

/** Keys that the canvas and every control need for themselves. */
const KEPT: ReadonlySet<string> = new Set(["Tab", "Shift+Tab", "Enter", " ", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Shift+ArrowUp", "Shift+ArrowDown", "Shift+ArrowLeft", "Shift+ArrowRight"]);
/** What browsers do not hand on to pages, whatever these say. */
const TAKEN: ReadonlySet<string> = new Set(["Mod+T", "Mod+N", "Mod+W", "Mod+Shift+T", "Mod+Shift+N", "Mod+Shift+W", "Mod+Q", "Mod+Tab"]);

/** Why keys cannot stand for a command; undefined where they can. */
export function whyNotKeys(keys: string): "kept" | "browser" | undefined {
  if (KEPT.has(keys)) return "kept";
  return TAKEN.has(keys) ? "browser" : undefined;
}

/** The keys of a command: those that were chosen, else those that it comes with. */
export function keysIn(usual: KeyMap, chosen: KeyMap, id: string): string {
  return chosen[id] ?? usual[id] ?? "";
}

/** The commands that the keys of another would be taken from. */
export function holdersOf(usual: KeyMap, chosen: KeyMap, keys: string, except: string): readonly string[] {
  return keys === "" ? [] : Object.keys(usual).filter((id) => id !== except && keysIn(usual, chosen, id) === keys);
}

/** What is chosen once a command has other keys: whoever had them has none. What a command comes with is not written down. */
export function rekeyed(usual: KeyMap, chosen: KeyMap, id: string, keys: string): KeyMap {
  const next = new Map(Object.entries(chosen));
  for (const holder of holdersOf(usual, chosen, keys, id)) next.set(holder, "");
  next.set(id, keys);
  return Object.fromEntries([...next].filter(([one, value]) => value !== usual[one]));
}

/** Whether keys go into a text, which has its own meaning for them. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type !== "color");
}
