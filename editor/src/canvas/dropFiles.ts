/** Files dropped on the canvas: graphs are opened, pictures become nodes that load them. */

import { uploadFile } from "../api/uploads.ts";
import { setValue } from "../core/edit/inputs.ts";
import { baseOf } from "../core/types.ts";
import type { Point } from "../core/view.ts";
import { placeNode } from "../state/actions.ts";
import { documents, edit } from "../state/documents.ts";
import { isUnsaved, openText } from "../state/files.ts";
import { toast } from "../state/views.ts";

/** Where a graph waits for the tab that is opened for it. */
export const HANDED = "diorama.handed";

export async function dropFiles(files: readonly File[], at: Point): Promise<void> {
  for (const [place, file] of files.entries()) {
    if (file.name.endsWith(".json") || file.type === "application/json") await dropGraph(await file.text());
    else await dropMedia(file, { x: at.x, y: at.y + place * 40 });
  }
}

/** A graph never takes the place of one that is not kept yet: it opens in a tab of its own. */
async function dropGraph(text: string): Promise<void> {
  if (!isUnsaved()) {
    await openText(text);
    return;
  }
  localStorage.setItem(HANDED, text);
  window.open(location.href, "_blank");
}

async function dropMedia(file: File, at: Point): Promise<void> {
  const kind = file.type.split("/")[0] ?? "";
  const loader = [...documents.getState().catalogue.nodes.values()].find(
    (type) => type.inputs.some((port) => port.type === "file") && type.outputs.some((output) => baseOf(output.type) === kind),
  );
  const port = loader?.inputs.find((one) => one.type === "file");
  if (loader === undefined || port === undefined) {
    toast({ key: "drop.unknown", values: { name: file.name } });
    return;
  }
  const name = placeNode(loader.id, at);
  const sent = await uploadFile(file);
  if (sent.isOk) edit("deed.value", (draft) => setValue(draft, { node: name, port: port.name }, sent.value));
  else toast(sent.said);
}
