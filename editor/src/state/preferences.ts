/** What a person chose for this browser: language, light or dark, keys. */

import * as v from "valibot";
import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";

import { type Language, type Said, type Say, sayIn, sayThat } from "../words/say.ts";

const PREFERENCES = v.object({
  language: v.optional(v.picklist(["en", "de"])),
  theme: v.optional(v.picklist(["system", "light", "dark"]), "system"),
  keys: v.optional(v.record(v.string(), v.string()), {}),
  uses: v.optional(v.record(v.string(), v.number()), {}),
  isMinimapShown: v.optional(v.boolean(), false),
  isShownAround: v.optional(v.boolean(), false),
  isForm: v.optional(v.boolean(), false),
  isAdvancedOpen: v.optional(v.boolean(), false),
  motion: v.optional(v.picklist(["system", "reduced"]), "system"),
});

export interface Preferences {
  readonly language: Language;
  readonly theme: "system" | "light" | "dark";
  /** Shortcuts that were changed, by command. */
  readonly keys: Readonly<Record<string, string>>;
  /** How often each node type was added. */
  readonly uses: Readonly<Record<string, number>>;
  readonly isMinimapShown: boolean;
  /** Whether the editor was shown to this person, or need not be. */
  readonly isShownAround: boolean;
  /** Whether graphs are shown as forms. */
  readonly isForm: boolean;
  /** Whether the details of a node show its advanced inputs. */
  readonly isAdvancedOpen: boolean;
  /** Whether things move by themselves as the system says, or not at all. */
  readonly motion: "system" | "reduced";
}

const PLACE = "diorama.preferences";

export const preferences = createStore<Preferences>(() => read());

function read(): Preferences {
  const fallback = navigator.language.startsWith("de") ? "de" : "en";
  const parsed = v.safeParse(PREFERENCES, storedJson());
  const found = parsed.success ? parsed.output : v.parse(PREFERENCES, {});
  return { ...found, language: found.language ?? fallback };
}

function storedJson(): unknown {
  try {
    return JSON.parse(localStorage.getItem(PLACE) ?? "{}");
  } catch {
    return {};
  }
}

preferences.subscribe((state) => {
  try {
    localStorage.setItem(PLACE, JSON.stringify(state));
  } catch {
    // A browser that keeps nothing still edits: the choice then lasts as long as the page.
  }
});

export function usePreferences<T>(select: (state: Preferences) => T): T {
  return useStore(preferences, select);
}

const sayers = { en: sayIn("en"), de: sayIn("de") } as const satisfies Record<Language, Say>;

/** What says messages in the chosen language. */
export function useSay(): Say {
  return sayers[usePreferences((state) => state.language)];
}

export function useSayThat(): (said: Said) => string {
  const language = usePreferences((state) => state.language);
  return (said) => sayThat(language, said);
}

export function sayNow(): Say {
  return sayers[preferences.getState().language];
}

export function countUse(type: string): void {
  preferences.setState(({ uses }) => ({ uses: { ...uses, [type]: (uses[type] ?? 0) + 1 } }));
}

/** Set what the page looks like, and follow the system where that is chosen. */
export function followTheme(root: HTMLElement): void {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const { theme, language, motion } = preferences.getState();
    root.dataset["theme"] = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
    root.dataset["motion"] = motion;
    root.lang = language;
  };
  dark.addEventListener("change", apply);
  preferences.subscribe(apply);
  apply();
}
