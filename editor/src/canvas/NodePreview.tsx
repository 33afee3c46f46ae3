/** Where a node shows what it gave: a still picture from the server, and the value itself while it is pointed at or selected. */

import { AudioLines, Box, Image as Picture, PersonStanding, ScrollText } from "lucide-react";
import { createElement, memo, useState } from "react";

import type { NodeType } from "../core/catalogue.ts";
import { isHeard, isTold } from "../core/geometry.ts";
import { baseOf } from "../core/types.ts";
import { type Made, useOutputs } from "../state/outputs.ts";
import { isRunning, type Status, useStatusOf } from "../state/runs.ts";
import { useViews } from "../state/views.ts";
import { Shown } from "../viewer/Shown.tsx";
import { shownAs } from "../viewer/shown.ts";

const ICONS = { image: Picture, mask: Picture, audio: AudioLines, wav: AudioLines, rig: PersonStanding, motion: PersonStanding, scene_plan: ScrollText } as const;

function iconOf(type: NodeType): typeof Box {
  for (const output of type.outputs) {
    const found = Object.entries(ICONS).find(([word]) => word === baseOf(output.type));
    if (found !== undefined) return found[1];
  }
  return Box;
}

const previewIn = (status: Status) => status.preview;
const hasPreview = (status: Status) => status.preview !== null;

interface Props {
  readonly name: string;
  readonly type: NodeType;
  readonly top: number;
  readonly height: number;
}

export const NodePreview = memo(function NodePreview({ name, type, top, height }: Props) {
  const isAlone = useViews((state) => state.nodes.size === 1 && state.nodes.has(name));
  const [isPointedAt, setPointedAt] = useState(false);
  const hasStill = useStatusOf(name, hasPreview);
  // Sounds have a button, and plans no picture: they are as they are, whoever looks.
  const isLive = isHeard(type) ? hasStill : isTold(type) || ((isAlone || isPointedAt) && hasStill);
  return (
    <div
      className={`preview${isHeard(type) ? " is-wave" : ""}`}
      style={{ top, height }}
      data-testid={`preview:${name}`}
      onPointerEnter={() => setPointedAt(true)}
      onPointerLeave={() => setPointedAt(false)}
    >
      {isLive ? <Live name={name} type={type} height={height} /> : <StillOf name={name} type={type} height={height} />}
    </div>
  );
});

interface Seen {
  readonly name: string;
  readonly type: NodeType;
  readonly height: number;
}

/** The value itself; its still until it is there, or while it is not finished. */
function Live({ name, type, height }: Seen) {
  const made = firstShown(useOutputs(name), type);
  const isGoing = useStatusOf(name, isRunning);
  return made === undefined || isGoing ? <StillOf name={name} type={type} height={height} /> : <Shown name={name} given={made.given} isSmall />;
}

/** The first value that there is something to see or hear of, in the order of the outputs. */
export function firstShown(made: readonly Made[], type: NodeType): Made | undefined {
  const shown = made.filter(({ given }) => shownAs(given) !== null);
  const port = type.outputs.find((output) => shown.some((one) => one.port === output.name))?.name;
  return shown.find((one) => one.port === port);
}

function StillOf({ name, type, height }: Seen) {
  const preview = useStatusOf(name, previewIn);
  const [broken, setBroken] = useState<string | null>(null);
  if (preview === null || preview === broken) return createElement(iconOf(type), { size: 20, strokeWidth: 1.25, "aria-hidden": true });
  return <img src={preview} alt="" loading="lazy" width={236} height={height} draggable={false} onError={() => setBroken(preview)} />;
}
