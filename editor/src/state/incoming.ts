/** Files that come in: a graph in one opens in a tab of its own, never over another; pictures, models and sounds become nodes. */

import { fetchGraphIn } from "../api/artefacts.ts";
import { uploadFile } from "../api/uploads.ts";
import { readDraft } from "../core/draft.ts";
import { setValue } from "../core/edit/inputs.ts";
import { baseOf } from "../core/types.ts";
import type { Point } from "../core/view.ts";
import { sayThat } from "../words/say.ts";
import { bytesText } from "../words/when.ts";
import { placeNode } from "./actions.ts";
import { documents, edit } from "./documents.ts";
import { openText } from "./files.ts";
import { preferences } from "./preferences.ts";
import { stageNow } from "./stage.ts";
import { openDraft } from "./switching.ts";
import { toast } from "./views.ts";

/** Bytes of a file of text that is read as a graph. */
const MOST_TEXT = 128 * 2 ** 20;
/** How far apart the nodes of several files stand. */
const STEP = 40;

/** Take files in, one after the other. Each says in a sentence what came of it. */
export async function readFiles(files: readonly File[], at: Point = stageNow()?.center() ?? { x: 0, y: 0 }): Promise<void> {
  let nodes = 0;
  for (const file of files) if (await readFile(file, { x: at.x, y: at.y + nodes * STEP })) nodes += 1;
}

/** Whether a node was made of the file. */
async function readFile(file: File, at: Point): Promise<boolean> {
  if (file.name.toLowerCase().endsWith(".json") || file.type === "application/json") {
    const { language } = preferences.getState();
    if (file.size > MOST_TEXT) toast({ key: "drop.large", values: { name: file.name, size: bytesText(language, file.size), most: bytesText(language, MOST_TEXT) } });
    else await openText(await file.text());
    return false;
  }
  toast({ key: "drop.reading", values: { name: file.name } });
  let isWanted = true;
  const cancel = { label: { key: "drop.cancel", values: {} }, run: () => (isWanted = false) } as const;
  const sent = await uploadFile(file, undefined, (fraction) => {
    if (isWanted) toast({ key: "drop.sending", values: { name: file.name, percent: Math.round(fraction * 100) } }, null, cancel);
    return isWanted;
  });
  if (!sent.isOk) {
    toast({ key: "drop.failed", values: { name: file.name, why: sayThat(preferences.getState().language, sent.said) } });
    return false;
  }
  const found = await fetchGraphIn(sent.value);
  if (!found.isOk) {
    toast(found.said);
    return false;
  }
  if (found.value !== "") {
    const read = readDraft(found.value);
    if (read.isOk) await openDraft(read.value);
    else if (read.faults[0] !== undefined) toast(read.faults[0].said);
    return false;
  }
  return placeLoader(file, await kindOf(file), sent.value, at);
}

/** Characters of a PLY that its properties are looked for in. */
const HEAD = 4096;

/** A node that loads a file, where there is one for its kind. */
function placeLoader(file: File, kind: string, digest: string, at: Point): boolean {
  const loader = [...documents.getState().catalogue.nodes.values()].find(
    (type) => type.inputs.some((port) => port.type === "file") && type.outputs.some((output) => baseOf(output.type) === kind),
  );
  const port = loader?.inputs.find((one) => one.type === "file");
  if (loader === undefined || port === undefined) {
    toast({ key: "drop.noGraph", values: { name: file.name } });
    return false;
  }
  const name = placeNode(loader.id, at);
  edit("deed.value", (draft) => setValue(draft, { node: name, port: port.name }, digest));
  toast({ key: "drop.loader", values: { name: file.name } });
  return true;
}

/** The word of the type that a file's content has; browsers do not know models. */
async function kindOf(file: File): Promise<string> {
  if (/\.(splat|spz)$/i.test(file.name)) return "splat";
  // A PLY holds gaussians or a mesh.
  if (/\.ply$/i.test(file.name)) return (await file.slice(0, HEAD).text()).includes(" scale_0") ? "splat" : "mesh";
  return /\.(glb|gltf|obj|stl)$/i.test(file.name) ? "mesh" : (file.type.split("/")[0] ?? "");
}
