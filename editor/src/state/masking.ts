/** The mask that is being painted, if one is. */

import { createStore } from "zustand/vanilla";
import { useStore } from "zustand";

import type { Wire } from "../core/graph.ts";

export interface Masking {
  /** The output whose picture it is painted on; null where nothing tells one. */
  readonly picture: Wire | null;
  /** The file of the mask as it is, by digest without its algorithm. */
  readonly before: string | undefined;
  /** Takes the digest of what was painted. */
  readonly save: (file: string) => void;
}

export const masking = createStore<{ readonly now: Masking | null }>(() => ({ now: null }));

export function useMasking(): Masking | null {
  return useStore(masking, (state) => state.now);
}
