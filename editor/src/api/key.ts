/** The API key of this browser, for servers that want one of everybody. */

const PLACE = "diorama.key";
/** Pictures, sounds and models are asked for by their address, with no header: the server takes the key for them from here. */
const COOKIE = "diorama_key";
const YEAR = 365 * 24 * 3600;

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
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${COOKIE}=${encodeURIComponent(key)}; Path=/api/v1; SameSite=Strict; Max-Age=${String(key === "" ? 0 : YEAR)}${secure}`;
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
