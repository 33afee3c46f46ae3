import type { Port } from "../../core/catalogue.ts";
import type { Json } from "../../core/json.ts";
import type { Media } from "../../core/media.ts";

/** What every control is given. */
export interface WidgetProps {
  readonly port: Port;
  readonly value: Json;
  /** The input, written `node.port`, or the parameter's name. */
  readonly id: string;
  /** The same input may be shown in several places. */
  readonly place: "node" | "details" | "form";
  /** What a file is read as; null where that is not known. */
  readonly media: Media | null;
  readonly label: string;
  /** Why the value is not taken; empty where it is. */
  readonly fault: string;
  readonly isDefault: boolean;
  readonly tabIndex: 0 | -1;
  /** All that is set under one gesture is one step of undo. */
  readonly set: (value: Json, gesture?: string) => void;
}

const MARKS = { node: "value", details: "detail", form: "form" } as const;

/** Attributes that every control shares. */
export function shared(props: WidgetProps): { "aria-label": string; "aria-invalid": boolean; title: string; tabIndex: number; "data-testid": string } {
  return {
    "aria-label": props.label,
    "aria-invalid": props.fault !== "",
    title: props.fault || props.port.help,
    tabIndex: props.tabIndex,
    "data-testid": `${MARKS[props.place]}:${props.id}`,
  };
}
