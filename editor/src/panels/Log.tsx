/** What was logged: of the run that is followed and of the server. An entry leads to its node. */

import { CircleX, Info, TriangleAlert } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { stepWithin } from "../core/levels.ts";
import { nodeOfStep } from "../core/targets.ts";
import { revealNode } from "../state/actions.ts";
import { useDocuments } from "../state/documents.ts";
import { goToStep } from "../state/levels.ts";
import { usePreferences, useSay, useSayThat } from "../state/preferences.ts";
import { type Level, type LogEntry, useRecord } from "../state/record.ts";
import { prefixIn, useTabs } from "../state/tabs.ts";
import { momentText } from "../words/when.ts";

const SIGNS = { info: Info, warning: TriangleAlert, error: CircleX } as const;
const FILTERS = ["all", "warning", "error"] as const;
type Filter = (typeof FILTERS)[number];
const SHOWN: Readonly<Record<Filter, ReadonlySet<Level>>> = {
  all: new Set<Level>(["info", "warning", "error"]),
  warning: new Set<Level>(["warning", "error"]),
  error: new Set<Level>(["error"]),
};

export function Log() {
  const say = useSay();
  const sayThat = useSayThat();
  const entries = useRecord((state) => state.entries);
  const shown = useRecord((state) => state.shown);
  const [filter, setFilter] = useState<Filter>("all");
  const [words, setWords] = useState("");
  const wanted = words.trim().toLocaleLowerCase();
  const textOf = (entry: LogEntry) => (entry.said === null ? entry.text : sayThat(entry.said));
  const found = entries.filter(
    (entry) => entry.id === shown || (SHOWN[filter].has(entry.level) && (wanted === "" || `${entry.step} ${textOf(entry)}`.toLocaleLowerCase().includes(wanted))),
  );
  return (
    <div className="log" data-testid="log">
      <div className="log-bar">
        <div className="segments" role="radiogroup" aria-label={say("log.levels")}>
          {FILTERS.map((one) => (
            <button key={one} type="button" role="radio" aria-checked={one === filter} className="dock-tab" data-testid={`log:${one}`} onClick={() => setFilter(one)}>
              {say(`log.${one}`)}
            </button>
          ))}
        </div>
        <input className="box" type="search" aria-label={say("log.filter")} placeholder={say("log.filter")} value={words} onChange={(event) => setWords(event.target.value)} />
      </div>
      {found.length === 0 ? (
        <p className="none">{say(entries.length === 0 ? "dock.log.none" : "log.nothing")}</p>
      ) : (
        <Entries entries={found} shown={shown} textOf={textOf} />
      )}
    </div>
  );
}

interface EntriesProps {
  readonly entries: readonly LogEntry[];
  readonly shown: string | null;
  readonly textOf: (entry: LogEntry) => string;
}

function Entries({ entries, shown, textOf }: EntriesProps) {
  const say = useSay();
  const list = useRef<HTMLOListElement>(null);
  const last = entries.at(-1)?.id;
  useEffect(() => {
    // The newest is in view, unless an entry was asked for.
    if (shown === null) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [last, shown]);
  useEffect(() => {
    if (shown !== null) list.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "center" });
  }, [shown]);
  return (
    <ol ref={list} className="log-entries" aria-label={say("log.entries")} tabIndex={0}>
      {entries.map((entry) => (
        <Line key={entry.id} entry={entry} text={textOf(entry)} isShown={entry.id === shown} />
      ))}
    </ol>
  );
}

function Line({ entry, text, isShown }: { readonly entry: LogEntry; readonly text: string; readonly isShown: boolean }) {
  const say = useSay();
  const language = usePreferences((state) => state.language);
  const prefix = useTabs(prefixIn);
  const here = stepWithin(entry.step, prefix);
  // What lies elsewhere is named from the graph of the tab, and led to.
  const node = here === undefined ? entry.step : nodeOfStep(here);
  const isHere = useDocuments((state) => here !== undefined && state.history.now.graph.nodes.has(node));
  const isElsewhere = here === undefined && entry.step !== "";
  const Sign = SIGNS[entry.level];
  const [first = "", ...rest] = text.trimEnd().split("\n");
  const head = rest.length > 0 ? (rest.at(-1) ?? first) : first;
  return (
    <li className={`log-line is-${entry.level}`} aria-current={isShown} data-testid={`log-entry:${entry.id}`}>
      <time>{momentText(language, entry.at)}</time>
      <Sign size={14} role="img" aria-label={say(`log.${entry.level}`)} />
      {isHere || isElsewhere ? (
        <button type="button" className="link" title={say("log.follow", { node })} onClick={() => (isHere ? revealNode(node) : void goToStep(entry.step))}>
          {node}
        </button>
      ) : (
        <span>{node}</span>
      )}
      <div className="log-text">
        {head}
        {rest.length > 0 && (
          <details>
            <summary>{say("log.more", { count: rest.length + 1 })}</summary>
            <pre>{text}</pre>
          </details>
        )}
      </div>
    </li>
  );
}
