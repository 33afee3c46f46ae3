/** The API key of this browser, for servers that want one of everybody. */

const PLACE = "diorama.key";

let wanted: () => void = () => undefined;

/** The key that was given, or empty. */
export function keyNow(): string {
  try {
    return localStorage.getItem(PLACE) ?? "";
  } catch {
    return "";
  }
}

export function setKey(key: string): void {
  if (key === "") localStorage.removeItem(PLACE);
  else localStorage.setItem(PLACE, key);
}

export function keyHeaders(): Readonly<Record<string, string>> {
  const key = keyNow();
  return key === "" ? {} : { Authorization: `Bearer ${key}` };
}

/** What is done where the server wants a key, or another than was given. */
export function onKeyWanted(ask: () => void): void {
  wanted = ask;
}

export function tellKeyWanted(): void {
  wanted();
}
