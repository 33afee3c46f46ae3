/** Frames, notes and reroutes: what stands on the canvas and is never run. */

import type { NodeProps } from "@xyflow/react";
import { memo } from "react";

import { deleteReroute, setFrame, setNote } from "../core/edit/notes.ts";
import { typeIn, useDocuments, sceneIn, edit } from "../state/documents.ts";
import { useSay } from "../state/preferences.ts";
import { useViews, views } from "../state/views.ts";
import { colorOf } from "../theme/ports.ts";
import { FRAME, type FlowNode, NOTE, REROUTE } from "./flow.ts";
import { InlineName } from "./InlineName.tsx";

export const FrameBox = memo(function FrameBox({ id: flowId, selected }: NodeProps<FlowNode>) {
  const id = flowId.slice(FRAME.length);
  const say = useSay();
  const frame = useDocuments((state) => state.history.now.view.frames.get(id));
  const isRenaming = useViews((state) => state.renaming === flowId);
  if (frame === undefined) return null;
  return (
    <section className={`frame${selected ? " is-selected" : ""}`} style={{ "--tint": `var(--tint-${frame.tint})` }} aria-label={say("frame.label", { title: frame.title })} data-testid={`frame:${id}`}>
      <header className="grip" onDoubleClick={() => views.setState({ renaming: flowId })}>
        {isRenaming ? (
          <InlineName
            value={frame.title}
            label={say("frame.title")}
            onDone={(title) => {
              views.setState({ renaming: null });
              if (title !== null) edit("deed.title", (draft) => setFrame(draft, id, { title }));
            }}
          />
        ) : (
          frame.title
        )}
      </header>
    </section>
  );
});

export const NoteBox = memo(function NoteBox({ id: flowId, selected }: NodeProps<FlowNode>) {
  const id = flowId.slice(NOTE.length);
  const say = useSay();
  const note = useDocuments((state) => state.history.now.view.notes.get(id));
  if (note === undefined) return null;
  return (
    <section className={`note${selected ? " is-selected" : ""}`} style={{ width: note.width, height: note.height, "--tint": `var(--tint-${note.tint})` }} data-testid={`note:${id}`}>
      <div className="grip" aria-hidden="true" />
      <textarea
        className="nodrag"
        aria-label={say("note.label")}
        placeholder={say("note.empty")}
        value={note.text}
        autoFocus={views.getState().renaming === flowId}
        onChange={(event) => edit("deed.note", (draft) => setNote(draft, id, { text: event.target.value }), { key: `note:${id}` })}
      />
    </section>
  );
});

/** A point that a wire goes through. A double click takes it out. */
export const RerouteDot = memo(function RerouteDot({ id: flowId }: NodeProps<FlowNode>) {
  const say = useSay();
  const { input, place } = rerouteOf(flowId);
  const type = useDocuments((state) => {
    const [node, port] = split(input);
    const given = state.history.now.graph.nodes.get(node)?.inputs.get(port);
    if (given?.kind !== "wire") return "any";
    return sceneIn(state).typing.get(given.wire.node)?.get(given.wire.port) || typeIn(state, given.wire.node).outputs[0]?.type || "any";
  });
  const table = useDocuments((state) => state.catalogue.types);
  return (
    <div
      className="reroute grip"
      style={{ "--wire": colorOf(type, table) }}
      title={say("reroute.help")}
      data-testid={`reroute:${input}.${String(place)}`}
      onDoubleClick={(event) => {
        event.stopPropagation();
        edit("deed.reroute", (draft) => deleteReroute(draft, input, place));
      }}
    />
  );
});

/** The input and the place along its wire that a reroute's id names. */
export function rerouteOf(flowId: string): { readonly input: string; readonly place: number } {
  const mark = flowId.lastIndexOf("#");
  return { input: flowId.slice(REROUTE.length, mark), place: Number(flowId.slice(mark + 1)) };
}

function split(input: string): readonly [string, string] {
  const dot = input.lastIndexOf(".");
  return [input.slice(0, dot), input.slice(dot + 1)];
}
