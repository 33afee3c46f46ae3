/** The state of a node as a glyph with a word for those who do not see it. */

import { Ban, Check, CircleDashed, CircleDot, CircleDotDashed, Clock, Layers, Minus, RotateCw, TriangleAlert, Unplug } from "lucide-react";

import type { NodeLook, Shown } from "./nodeLook.ts";

const GLYPHS = {
  idle: null,
  open: CircleDashed,
  planned: CircleDot,
  possible: CircleDotDashed,
  cached: Layers,
  queued: Clock,
  running: RotateCw,
  done: Check,
  error: TriangleAlert,
  fault: TriangleAlert,
  blocked: Ban,
  stale: CircleDashed,
  bypassed: Minus,
  missing: Unplug,
} as const satisfies Record<Shown, typeof Check | null>;

export function StateGlyph({ look }: { readonly look: NodeLook }) {
  const Glyph = GLYPHS[look.state];
  if (Glyph === null) return <span className="glyph" />;
  return (
    <span className={`glyph glyph-${look.state}`} title={look.line === "" ? look.word : `${look.word}: ${look.line}`}>
      <Glyph size={14} aria-hidden="true" />
      <span className="unseen">{look.word}</span>
    </span>
  );
}
