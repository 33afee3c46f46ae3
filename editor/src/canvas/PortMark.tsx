/** The mark of a port: colour and shape of its family, a double line for a list, hollow where it may be left out. */

import { memo } from "react";

import type { TypeTable } from "../core/types.ts";
import { lookOf, OUTLINES } from "../theme/ports.ts";

export const PortMark = memo(function PortMark({ type, table, isFilled = true }: { readonly type: string; readonly table: TypeTable; readonly isFilled?: boolean }) {
  const look = lookOf(type, table);
  const outline = OUTLINES[look.shape];
  return (
    <svg className="mark" viewBox="0 0 12 12" aria-hidden="true" style={{ color: `var(--port-${look.family})` }}>
      {look.isList && <path className="ring" d={outline} />}
      <path className={look.isOptional || !isFilled ? "hollow" : "solid"} d={outline} transform={look.isList ? "translate(6 6) scale(.5) translate(-6 -6)" : undefined} />
    </svg>
  );
});
