/** A list that comes from the server a page at a time: why it is not there, that it is empty, what is in it, and more of it. */

import type { ReactNode } from "react";

import { useSay, useSayThat } from "../state/preferences.ts";
import type { PlainKey, Said } from "../words/say.ts";

interface Props {
  readonly said: Said | null;
  readonly isKnown: boolean;
  readonly isEmpty: boolean;
  readonly none: PlainKey;
  /** Fetches the next page; null where this was the last. */
  readonly more: (() => void) | null;
  readonly children: ReactNode;
}

export function PagedList({ said, isKnown, isEmpty, none, more, children }: Props) {
  const say = useSay();
  const sayThat = useSayThat();
  return (
    <>
      {said !== null && (
        <p className="none is-error" role="alert">
          {sayThat(said)}
        </p>
      )}
      {!isKnown && said === null && <p className="none">{say("loading")}</p>}
      {isKnown && isEmpty && <p className="none">{say(none)}</p>}
      {children}
      {more !== null && (
        <button type="button" className="quiet more" onClick={more}>
          {say("runs.more")}
        </button>
      )}
    </>
  );
}
