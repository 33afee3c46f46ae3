/** A small button with a sign and a name. */

import type { LucideIcon } from "lucide-react";

interface ToolProps {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly run: () => void;
  readonly isDisabled?: boolean;
}

export function Tool({ icon: Icon, label, run, isDisabled = false }: ToolProps) {
  return (
    <button type="button" className="small" aria-label={label} title={label} disabled={isDisabled} onClick={run}>
      <Icon size={14} aria-hidden="true" />
    </button>
  );
}
