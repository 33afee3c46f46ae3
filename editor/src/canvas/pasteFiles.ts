/** Files that were pasted: one goes into the selected node where that loads such files, others as if they were dropped. */

import { uploadFile } from "../api/uploads.ts";
import { setInput, setParameter } from "../core/edit/inputs.ts";
import { type Input, type Wire, valued } from "../core/graph.ts";
import { mediaOf } from "../core/media.ts";
import type { Point } from "../core/view.ts";
import { draftNow, edit, typeOfNow } from "../state/documents.ts";
import { readFiles } from "../state/incoming.ts";
import { toast, views } from "../state/views.ts";

export async function pasteFiles(files: readonly File[], at: Point): Promise<void> {
  const [file] = files;
  const into = file === undefined || files.length > 1 ? undefined : inputFor(file);
  if (file === undefined || into === undefined) {
    await readFiles(files, at);
    return;
  }
  const sent = await uploadFile(file);
  if (sent.isOk) give(into, sent.value);
  else toast(sent.said);
}

/** The input of the selected node that takes such a file. */
function inputFor(file: File): Wire | undefined {
  const [node, ...others] = views.getState().nodes;
  if (node === undefined || others.length > 0) return undefined;
  const kind = file.type.split("/")[0] ?? "";
  const type = typeOfNow(node);
  const port = type.inputs.find((one) => {
    const media = mediaOf(type, one);
    return media === kind || (media === "mask" && kind === "image");
  });
  return port === undefined ? undefined : { node, port: port.name };
}

function give(to: Wire, digest: string): void {
  const input: Input | undefined = draftNow().graph.nodes.get(to.node)?.inputs.get(to.port);
  const parameter = input?.kind === "param" ? draftNow().graph.parameters.get(input.name) : undefined;
  if (input?.kind === "param" && parameter !== undefined) edit("deed.value", (draft) => setParameter(draft, input.name, { ...parameter, default: digest }));
  else edit("deed.value", (draft) => setInput(draft, to, valued(digest)));
}
