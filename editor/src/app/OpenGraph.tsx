/** Saved graphs to open, the one saved last first; a file can be chosen too. */

import { FileUp } from "lucide-react";
import { useEffect, useState } from "react";

import { fetchGraphs } from "../api/graphs.ts";
import type { SavedGraph } from "../api/generated.ts";
import { closeDialog } from "../state/dialogs.ts";
import { usePreferences, useSay, useSayThat } from "../state/preferences.ts";
import { runCommand } from "../state/commands.ts";
import { openSaved } from "../state/saving.ts";
import { agoText } from "../words/when.ts";
import type { Said } from "../words/say.ts";
import { DialogBox } from "./DialogBox.tsx";
import { Listing } from "./Listing.tsx";

/** Pages of the list that are fetched: 2,000 graphs. */
const MOST_PAGES = 20;

export function OpenGraph() {
  const say = useSay();
  const sayThat = useSayThat();
  const language = usePreferences((state) => state.language);
  const [words, setWords] = useState("");
  const [graphs, setGraphs] = useState<readonly SavedGraph[] | null>(null);
  const [failed, setFailed] = useState<Said | null>(null);
  useEffect(() => {
    void allGraphs().then((found) => (Array.isArray(found) ? setGraphs(found) : setFailed(found)));
  }, []);
  const wanted = words.trim().toLocaleLowerCase();
  const shown = (graphs ?? []).filter((graph) => `${graph.title} ${graph.name}`.toLocaleLowerCase().includes(wanted));
  const empty = failed !== null ? sayThat(failed) : graphs === null ? say("loading") : say(graphs.length === 0 ? "open.none" : "search.nothing");
  return (
    <DialogBox title={say("open.title")} onClose={closeDialog} isWide testId="open-graph">
      <Listing
        label={say("open.title")}
        placeholder={say("open.hint")}
        words={words}
        onWords={setWords}
        empty={empty}
        onClose={closeDialog}
        entries={shown.map((graph) => ({
          id: graph.name,
          title: graph.title === "" ? graph.name : graph.title,
          detail: say("open.entry", { name: graph.name, version: graph.version, when: agoText(language, graph.updated) }),
          run: () => void openSaved(graph.name),
        }))}
      />
      <footer className="dialog-foot">
        <button type="button" className="plain" onClick={() => {
          closeDialog();
          runCommand("openFile");
        }}>
          <FileUp size={14} aria-hidden="true" />
          {say("command.openFile")}
        </button>
      </footer>
    </DialogBox>
  );
}

async function allGraphs(): Promise<SavedGraph[] | Said> {
  const found: SavedGraph[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const reply = await fetchGraphs(cursor);
    if (!reply.isOk) return reply.said;
    found.push(...reply.value.items);
    cursor = reply.value.next ?? null;
    if (cursor === null) break;
  }
  return found;
}
