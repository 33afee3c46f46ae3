/** What the graph gave: in the run that is followed, or in one before that was chosen. */

import { useEffect, useMemo, useState, useSyncExternalStore } from "react";

import type { Part } from "../api/calls.ts";
import type { Run } from "../api/generated.ts";
import { fetchResultParts } from "../api/results.ts";
import type { Catalogue } from "../core/catalogue.ts";
import { feeds, type Graph, type Wire } from "../core/graph.ts";
import { titleOf } from "../core/names.ts";
import { useDocuments } from "../state/documents.ts";
import { outputBoard, useOutputs } from "../state/outputs.ts";
import { useSay } from "../state/preferences.ts";
import { toast } from "../state/views.ts";
import { dateText } from "./dates.ts";
import { OutputValue, rankOf } from "./OutputValue.tsx";
import { takeValues } from "./takeValues.ts";

export function FormOutputs({ past, onLatest }: { readonly past: Run | null; readonly onLatest: () => void }) {
  return past === null ? <LatestOutputs /> : <PastOutputs key={past.id} run={past} onLatest={onLatest} />;
}

function LatestOutputs() {
  const graph = useDocuments((state) => state.history.now.graph);
  const catalogue = useDocuments((state) => state.catalogue);
  const wires = useMemo(() => shownOutputs(graph, catalogue), [graph, catalogue]);
  return (
    <>
      <NoneYet wires={wires.map(([, wire]) => wire)} />
      {wires.map(([name, wire]) => (
        <LiveOutput key={name} name={name} wire={wire} />
      ))}
    </>
  );
}

/** The results, or what nothing else takes where none are named; what is looked at first. */
function shownOutputs(graph: Graph, catalogue: Catalogue): readonly (readonly [string, Wire])[] {
  const typeOf = (name: string) => catalogue.nodes.get(graph.nodes.get(name)?.type ?? "");
  const outputsOf = (name: string) => typeOf(name)?.outputs ?? [];
  const fed = feeds(graph);
  const ends = [...graph.nodes.keys()].filter((name) => !fed.has(name)).flatMap((name) => outputsOf(name).slice(0, 1).map(({ name: port }) => [name, { node: name, port }] as const));
  const named = graph.results.size > 0 ? [...graph.results] : ends;
  const rank = (wire: Wire) => rankOf(outputsOf(wire.node).find((output) => output.name === wire.port)?.type ?? "any");
  return named.toSorted(([, a], [, b]) => rank(a) - rank(b));
}

function LiveOutput({ name, wire }: { readonly name: string; readonly wire: Wire }) {
  const parts = useOutputs(wire.node).filter((part) => part.port === wire.port);
  return <Output name={name} parts={parts} />;
}

/** Says what to do as long as nothing is there. */
function NoneYet({ wires }: { readonly wires: readonly Wire[] }) {
  const say = useSay();
  const isAny = useAny(wires);
  return isAny ? null : <p className="form-none">{say("form.none")}</p>;
}

function useAny(wires: readonly Wire[]): boolean {
  return useSyncExternalStore(
    (listener) => outputBoard.subscribe(listener),
    () => wires.some((wire) => outputBoard.get(wire.node).length > 0),
  );
}

function PastOutputs({ run, onLatest }: { readonly run: Run; readonly onLatest: () => void }) {
  const say = useSay();
  const [found, setFound] = useState<readonly (readonly [string, readonly Part[]])[] | null>(null);
  useEffect(() => {
    let isOver = false;
    void fetchResultParts(run.id).then((reply) => {
      if (isOver) return;
      if (reply.isOk) setFound([...reply.value].toSorted(([, a], [, b]) => rankOfParts(a) - rankOfParts(b)));
      else toast(reply.said);
    });
    return () => {
      isOver = true;
    };
  }, [run.id]);
  return (
    <>
      <header className="form-past" data-testid="past">
        <p>{say("form.past", { when: dateText(run.created) })}</p>
        <button type="button" className="pill" onClick={() => void takeValues(run)}>
          {say("form.take")}
        </button>
        <button type="button" className="pill" onClick={onLatest}>
          {say("form.latest")}
        </button>
      </header>
      {run.faults.map((fault) => (
        <p key={fault.at + fault.code} className="form-wrong">{fault.message}</p>
      ))}
      {found?.map(([name, parts]) => <Output key={name} name={name} parts={parts} />)}
      {found?.length === 0 && <p className="form-none">{say("form.gaveNothing")}</p>}
    </>
  );
}

function rankOfParts(parts: readonly Part[]): number {
  const [first] = parts;
  return rankOf(first?.given.kind === "artefact" ? first.given.type : "text");
}

function Output({ name, parts }: { readonly name: string; readonly parts: readonly Part[] }) {
  if (parts.length === 0) return null;
  return (
    <figure className="form-output" data-testid={`output:${name}`}>
      {parts.map((part) => (
        <OutputValue key={`${part.port}.${String(part.item)}`} name={titleOf(name)} given={part.given} />
      ))}
    </figure>
  );
}
