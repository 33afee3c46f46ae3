/** What differs between two graphs, node by node. */

import { type Comparison, type Difference } from "../core/compare.ts";
import { useSay } from "../state/preferences.ts";

/** Differences that are drawn; the number of the others is said. */
const MOST = 200;

/** Characters that are shown of a value; all of it is in its title. */
const LONGEST = 160;

interface DifferencesProps {
  readonly comparison: Comparison;
  /** What the two are called. */
  readonly before: string;
  readonly after: string;
}

export function Differences({ comparison, before, after }: DifferencesProps) {
  const say = useSay();
  const { differences, isMoved } = comparison;
  if (differences.length === 0) return <p className="none">{say(isMoved ? "compare.moved" : "compare.same")}</p>;
  return (
    <>
      <table className="differences">
        <thead>
          <tr>
            <th scope="col">{say("compare.what")}</th>
            <th scope="col">{before}</th>
            <th scope="col">{after}</th>
          </tr>
        </thead>
        <tbody>
          {differences.slice(0, MOST).map((one) => (
            <tr key={`${one.kind} ${one.node} ${one.name}`} data-testid={`difference:${one.node}${one.name === "" ? "" : `.${one.name}`}`}>
              <th scope="row">
                <What one={one} />
              </th>
              <Side text={one.before} />
              <Side text={one.after} />
            </tr>
          ))}
        </tbody>
      </table>
      {differences.length > MOST && <p className="help">{say("compare.more", { count: differences.length - MOST })}</p>}
    </>
  );
}

function What({ one }: { readonly one: Difference }) {
  const say = useSay();
  if (one.kind === "input") {
    return (
      <>
        <strong>{one.node}</strong> {one.name.replaceAll("_", " ")}
      </>
    );
  }
  const word = say(one.kind === "title" ? "compare.graphTitle" : `compare.${one.kind}`);
  return one.node === "" ? (
    <>
      {word} {one.name}
    </>
  ) : (
    <>
      <strong>{one.node}</strong> {one.kind === "node" ? "" : word}
    </>
  );
}

function Side({ text }: { readonly text: string | null }) {
  const say = useSay();
  if (text === null) return <td className="is-none">{say("compare.none")}</td>;
  return <td title={text}>{text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text}</td>;
}
