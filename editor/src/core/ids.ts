/** Names for what is told apart and never read: also where a page came over plain HTTP and lacks `crypto.randomUUID`. */

export function freshId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
