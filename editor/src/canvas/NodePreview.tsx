/** Where a node shows what it gave: a still picture from the server, never the whole value. */

import { AudioLines, Box, Image as Picture, PersonStanding } from "lucide-react";
import { memo, useState } from "react";

import type { NodeType } from "../core/catalogue.ts";
import { WAVE } from "../core/geometry.ts";
import { baseOf } from "../core/types.ts";
import { useStatus } from "../state/runs.ts";

const ICONS = { image: Picture, mask: Picture, audio: AudioLines, wav: AudioLines, rig: PersonStanding, motion: PersonStanding } as const;

function iconOf(type: NodeType): typeof Box {
  for (const output of type.outputs) {
    const found = Object.entries(ICONS).find(([word]) => word === baseOf(output.type));
    if (found !== undefined) return found[1];
  }
  return Box;
}

export const NodePreview = memo(function NodePreview({ name, type, top, height }: { readonly name: string; readonly type: NodeType; readonly top: number; readonly height: number }) {
  const { preview } = useStatus(name);
  const [broken, setBroken] = useState<string | null>(null);
  const Icon = iconOf(type);
  return (
    <div className={`preview${height === WAVE ? " is-wave" : ""}`} style={{ top, height }}>
      {preview === null || preview === broken ? (
        <Icon size={20} strokeWidth={1.25} aria-hidden="true" />
      ) : (
        <img src={preview} alt="" loading="lazy" width={236} height={height} draggable={false} onError={() => setBroken(preview)} />
      )}
    </div>
  );
});
