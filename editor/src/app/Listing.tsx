/** A box to type in above a list to choose from, by keyboard or mouse. */

import { type ReactNode, useEffect, useId, useRef, useState } from "react";

export interface Entry {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly help?: string;
  readonly icon?: ReactNode;
  readonly isDisabled?: boolean;
  readonly run: () => void;
}

interface ListingProps {
  readonly label: string;
  readonly placeholder: string;
  readonly words: string;
  readonly onWords: (words: string) => void;
  readonly entries: readonly Entry[];
  readonly empty: string;
  readonly onClose: () => void;
  /** Whether choosing an entry closes the list. */
  readonly staysOpen?: boolean;
}

/** Entries that are drawn: more are found by typing on. */
const MOST = 80;

export function Listing({ label, placeholder, words, onWords, entries, empty, onClose, staysOpen = false }: ListingProps) {
  const [at, setAt] = useState(0);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const shown = entries.slice(0, MOST);
  const current = Math.min(at, shown.length - 1);
  const choose = (entry: Entry | undefined) => {
    if (entry === undefined || entry.isDisabled === true) return;
    if (!staysOpen) onClose();
    entry.run();
  };
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [current, words]);
  return (
    <>
      <input
        className="box query"
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded
        aria-controls={id}
        aria-activedescendant={shown[current] === undefined ? undefined : `${id}-${String(current)}`}
        placeholder={placeholder}
        value={words}
        autoFocus
        spellCheck={false}
        onChange={(event) => {
          setAt(0);
          onWords(event.target.value);
        }}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Escape") onClose();
          else if (event.key === "Enter") choose(shown[current]);
          else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            const way = event.key === "ArrowDown" ? 1 : -1;
            setAt((current + way + shown.length) % Math.max(1, shown.length));
          } else if (event.key === "Tab") event.preventDefault();
        }}
      />
      <div ref={list} id={id} className="entries" role="listbox" aria-label={label}>
        {shown.map((entry, place) => (
          <div
            key={entry.id}
            id={`${id}-${String(place)}`}
            role="option"
            aria-selected={place === current}
            aria-disabled={entry.isDisabled === true}
            className="entry"
            data-testid={`entry:${entry.id}`}
            title={entry.help}
            onPointerMove={() => setAt(place)}
            onClick={() => choose(entry)}
          >
            {entry.icon}
            <span className="entry-title">{entry.title}</span>
            <span className="entry-detail">{entry.detail}</span>
          </div>
        ))}
      </div>
      {shown.length === 0 && <p className="none">{empty}</p>}
    </>
  );
}
