/** Every node type by kind: clicked, it lands in the middle of the canvas; dragged, under the pointer. */

import { useMemo, useState } from "react";

import { searchTypes } from "../core/search.ts";
import type { NodeType } from "../core/catalogue.ts";
import { placeNode } from "../state/actions.ts";
import { useDocuments } from "../state/documents.ts";
import { useSay } from "../state/preferences.ts";
import { stageNow } from "../state/stage.ts";
import { PortMark } from "../canvas/PortMark.tsx";

export const NODE_TYPE_DRAG = "application/x-diorama-node";

export function NodePalette() {
  const say = useSay();
  const catalogue = useDocuments((state) => state.catalogue);
  const [words, setWords] = useState("");
  const groups = useMemo(() => {
    const found = new Map<string, NodeType[]>();
    for (const type of searchTypes(catalogue, words)) found.set(type.category, [...(found.get(type.category) ?? []), type]);
    return words === "" ? [...found].sort(([a], [b]) => a.localeCompare(b)) : [...found];
  }, [catalogue, words]);
  return (
    <>
      <input className="box filter" type="search" aria-label={say("nodes.filter")} placeholder={say("nodes.filter")} value={words} onChange={(event) => setWords(event.target.value)} />
      <div className="scroll">
        {groups.map(([category, types]) => (
          <section key={category} className="group">
            <h2>{category === "" ? say("nodes.other") : category}</h2>
            <ul>
              {types.map((type) => (
                <li key={type.id}>
                  <PaletteCard type={type} />
                </li>
              ))}
            </ul>
          </section>
        ))}
        {groups.length === 0 && <p className="none">{say("search.nothing")}</p>}
      </div>
    </>
  );
}

function PaletteCard({ type }: { readonly type: NodeType }) {
  const table = useDocuments((state) => state.catalogue.types);
  return (
    <button
      type="button"
      className="palette-card"
      draggable
      title={type.help}
      data-testid={`palette:${type.id}`}
      onDragStart={(event) => {
        event.dataTransfer.setData(NODE_TYPE_DRAG, type.id);
        event.dataTransfer.effectAllowed = "copy";
      }}
      onClick={() => {
        const name = placeNode(type.id, stageNow()?.center() ?? { x: 0, y: 0 });
        requestAnimationFrame(() => stageNow()?.focusNode(name));
      }}
    >
      <PortMark type={type.outputs[0]?.type ?? "any"} table={table} />
      <span>{type.title}</span>
    </button>
  );
}
