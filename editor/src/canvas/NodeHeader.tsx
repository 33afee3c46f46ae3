/** The head of a node: what it gives, its name, its state, and how far it is. */

import { CornerRightDown } from "lucide-react";
import { memo } from "react";

import type { NodeType } from "../core/catalogue.ts";
import { mayRename, renameNode } from "../core/edit/nodes.ts";
import { savedIn } from "../core/levels.ts";
import { titleOf } from "../core/names.ts";
import { draftNow, edit, useDocuments } from "../state/documents.ts";
import { goInto } from "../state/levels.ts";
import { useSay } from "../state/preferences.ts";
import { useStatusOf } from "../state/runs.ts";
import { select, toast, useViews, views } from "../state/views.ts";
import { InlineName } from "./InlineName.tsx";
import type { NodeLook } from "./nodeLook.ts";
import { PortMark } from "./PortMark.tsx";
import { StateGlyph } from "./StateGlyph.tsx";

interface Head {
  readonly name: string;
  readonly type: NodeType;
  readonly look: NodeLook;
  readonly isSimple: boolean;
  readonly isEntered: boolean;
}

export const NodeHeader = memo(function NodeHeader({ name, type, look, isSimple, isEntered }: Head) {
  const say = useSay();
  const table = useDocuments((state) => state.catalogue.types);
  const isRenaming = useViews((state) => state.renaming === name);
  const first = type.outputs[0]?.type ?? "any";
  const isNamedByType = titleOf(name.replace(/_\d+$/, "")) === type.title;
  return (
    <>
      <header className="head">
        <PortMark type={first} table={table} />
        {isRenaming ? (
          <InlineName value={name} label={say("command.rename")} onDone={(to) => rename(name, to)} />
        ) : (
          <strong title={`${name} (${type.id})`}>{name}</strong>
        )}
        {!isRenaming && !isNamedByType && !isSimple && <span className="kind">{type.title}</span>}
        <StateGlyph look={look} />
        {savedIn(type.id) !== undefined && !isSimple && (
          <button type="button" className="small nodrag" tabIndex={isEntered ? 0 : -1} aria-label={say("level.into", { name })} title={say("level.into", { name })} data-testid={`into:${name}`} onClick={() => void goInto(name)}>
            <CornerRightDown size={14} aria-hidden="true" />
          </button>
        )}
      </header>
      {look.state === "running" ? <ProgressLine name={name} /> : <div className="line" />}
    </>
  );
});

function ProgressLine({ name }: { readonly name: string }) {
  const fraction = useStatusOf(name, (status) => status.fraction);
  return (
    <div className="line" role="progressbar" aria-label={name} aria-valuenow={Math.round(fraction * 100)}>
      <i style={{ transform: `scaleX(${String(fraction)})` }} />
    </div>
  );
}

function rename(name: string, to: string | null): void {
  views.setState({ renaming: null, focused: name });
  if (to === null || to === name) return;
  const answer = mayRename(draftNow(), name, to);
  if (answer !== "yes") {
    toast(answer === "taken" ? { key: "refuse.taken", values: { name: to } } : { key: "fault.name", values: { name: to } });
    return;
  }
  edit("deed.rename", (draft) => renameNode(draft, name, to));
  select({ nodes: new Set([to]) });
  views.setState({ focused: to });
}
