/** Search at the pointer: node types, filtered by what a dropped wire needs; and for a wire drawn by keyboard, the ports it fits. */

import { useEffect, useMemo, useRef, useState } from "react";

import type { NodeType } from "../core/catalogue.ts";
import { type Need, portFor, searchTypes } from "../core/search.ts";
import { replaceType } from "../core/edit/nodes.ts";
import { clearInput } from "../core/edit/inputs.ts";
import { link, linkBetween, placeNode } from "../state/actions.ts";
import { draftNow, edit, sceneNow, useDocuments } from "../state/documents.ts";
import { usePreferences, useSay } from "../state/preferences.ts";
import { stageNow } from "../state/stage.ts";
import { type Linking, type SearchAt, views } from "../state/views.ts";
import { Listing, type Entry } from "../app/Listing.tsx";
import { fittingPorts } from "./PortHandle.tsx";
import { PortMark } from "./PortMark.tsx";

const WIDTH = 340;
const HEIGHT = 380;

export function NodeSearch({ at }: { readonly at: SearchAt }) {
  const say = useSay();
  const [words, setWords] = useState("");
  const catalogue = useDocuments((state) => state.catalogue);
  const uses = usePreferences((state) => state.uses);
  const before = useRef(document.activeElement);
  const close = () => {
    views.setState({ search: null, linking: null });
    if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus({ preventScroll: true });
    else stageNow()?.focus();
  };
  useEffect(() => {
    views.setState({ linking: at.linking });
    return () => views.setState({ linking: null });
  }, [at.linking]);
  const entries = useMemo(() => {
    const ports = portEntries(at, words);
    if (at.within !== undefined) return ports;
    const need = at.need ?? needOf(at.linking);
    const types = searchTypes(catalogue, words, new Map(Object.entries(uses))).flatMap((type) => entriesOfType(type, need, at));
    return [...detachEntry(at, words, say("search.detach")), ...ports, ...types];
  }, [at, catalogue, words, uses, say]);
  const style = {
    left: Math.max(8, Math.min(at.screen.x, window.innerWidth - WIDTH - 8)),
    top: Math.max(8, Math.min(at.screen.y, window.innerHeight - HEIGHT - 8)),
    width: WIDTH,
  };
  return (
    <div className="veil" onPointerDown={close}>
      <div className="popup search" style={style} role="dialog" aria-label={say("search.title")} onPointerDown={(event) => event.stopPropagation()}>
        <Listing label={say("search.title")} placeholder={say(at.within !== undefined ? "search.portHint" : at.linking === null ? "search.hint" : "search.linkHint")} words={words} onWords={setWords} entries={entries} empty={say("search.nothing")} onClose={close} />
      </div>
    </div>
  );
}

function needOf(linking: Linking | null): Need | null {
  if (linking === null) return null;
  if (linking.side === "in") return { kind: "gives", to: linking.end };
  const gives = sceneNow().typing.get(linking.end.node)?.get(linking.end.port);
  return gives === undefined ? null : { kind: "takes", gives };
}

/** A wire that an input has already can be taken off it. */
function detachEntry(at: SearchAt, words: string, title: string): Entry[] {
  const { linking } = at;
  if (linking?.side !== "in" || words !== "") return [];
  if (draftNow().graph.nodes.get(linking.end.node)?.inputs.get(linking.end.port)?.kind !== "wire") return [];
  return [{ id: "detach", title, detail: "", run: () => edit("deed.disconnect", (draft) => clearInput(draft, linking.end)) }];
}

function portEntries({ linking, within }: SearchAt, words: string): Entry[] {
  if (linking === null || (!linking.isByKeyboard && within === undefined)) return [];
  const { types } = sceneNow().catalogue;
  return fittingPorts(linking)
    .filter(({ node }) => within === undefined || node === within)
    .filter(({ node, port }) => `${node} ${port}`.toLocaleLowerCase().includes(words.trim().toLocaleLowerCase()))
    .map(({ node, port, type }) => ({
      id: `port:${node}.${port}`,
      title: `${node} · ${port}`,
      detail: type,
      icon: <PortMark type={type} table={types} />,
      run: () => void link(linkBetween(linking, { node, port }), null),
    }));
}

function entriesOfType(type: NodeType, need: Need | null, at: SearchAt): Entry[] {
  const scene = sceneNow();
  const port = need === null ? null : portFor(scene, type, need);
  if (port === undefined) return [];
  const run = () => {
    const { linking, replaces } = at;
    if (replaces !== undefined) {
      edit("deed.replace", (draft) => replaceType(draft, replaces, type.id));
      return;
    }
    const name = placeNode(type.id, at.canvas, linking === null);
    if (linking !== null && port !== null) link(linkBetween(linking, { node: name, port }), null);
    requestAnimationFrame(() => stageNow()?.focusNode(name, "still"));
  };
  const icon = <PortMark type={type.outputs[0]?.type ?? "any"} table={scene.catalogue.types} />;
  return [{ id: type.id, title: type.title, detail: port ?? type.category, help: type.help, icon, run }];
}
