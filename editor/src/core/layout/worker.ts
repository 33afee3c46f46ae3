/** Lays large graphs out beside the page. */

import { layOutInColumns } from "./layered.ts";
import type { Sheet } from "./layout.ts";

self.onmessage = (message: MessageEvent<Sheet>) => {
  self.postMessage(layOutInColumns(message.data));
};
