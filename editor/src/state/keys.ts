/** Shortcuts as text: `Mod+Shift+Z`, where Mod is the key of the system. */

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

/** A shortcut as it is written on keys. */
export function shownKeys(keys: string): string {
  const words: Readonly<Record<string, string>> = IS_MAC
    ? { Mod: "⌘", Shift: "⇧", Alt: "⌥", Delete: "⌦", ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→" }
    : { Mod: "Ctrl", Delete: "Del", ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→" };
  return keys
    .split("+")
    .map((key) => words[key] ?? key)
    .join(IS_MAC ? "" : "+");
}

/** Whether keys go into a text, which has its own meaning for them. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type !== "color");
}
