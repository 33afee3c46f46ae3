/** How full a device is: the colour of its bar. */

export type Fullness = "green" | "yellow" | "red";

/** Shares of the memory from which the bar is yellow, and above which it is red. */
const YELLOW = 0.7;
const RED = 0.85;

export function fullnessOf(used: number, total: number): Fullness {
  const share = total > 0 ? used / total : 0;
  if (share > RED) return "red";
  return share >= YELLOW ? "yellow" : "green";
}
