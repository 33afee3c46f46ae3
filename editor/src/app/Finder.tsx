/** Finds nodes of the graph, by the text of their values too. Enter goes from hit to hit. */

import { useRef, useState } from "react";

import { findNodes } from "../core/find.ts";
import { revealNode } from "../state/actions.ts";
import { useDocuments } from "../state/documents.ts";
import { useSay } from "../state/preferences.ts";
import { views } from "../state/views.ts";
import { Listing } from "./Listing.tsx";

export function Finder() {
  const say = useSay();
  const [words, setWords] = useState("");
  const graph = useDocuments((state) => state.history.now.graph);
  const catalogue = useDocuments((state) => state.catalogue);
  const hits = findNodes(graph, catalogue, words);
  const before = useRef(document.activeElement);
  const close = () => {
    views.setState({ isFindOpen: false });
    if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus({ preventScroll: true });
  };
  return (
    <div className="popup finder" role="search" onPointerDown={(event) => event.stopPropagation()}>
      <Listing
        label={say("command.find")}
        placeholder={say("find.hint")}
        words={words}
        onWords={setWords}
        onClose={close}
        empty={words === "" ? "" : say("search.nothing")}
        entries={hits.map((hit) => ({
          id: hit.name,
          title: hit.name,
          detail: hit.where === "name" ? "" : hit.port === null ? hit.excerpt : `${hit.port}: ${hit.excerpt}`,
          run: () => revealNode(hit.name, "middle"),
        }))}
      />
    </div>
  );
}
