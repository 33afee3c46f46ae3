"""Diorama in a process: graphs checked, planned and run over a store."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import orjson
from pydantic import JsonValue

from diorama.catalogue import Catalogue, installed
from diorama.execute.call import Executor
from diorama.execute.inline import InlineExecutor
from diorama.execute.threads import ThreadExecutor
from diorama.execute.transport import Transport
from diorama.faults import BadInput, Fault, failure, pointer
from diorama.files import FilesOnDisk
from diorama.garbage import collected_seldom
from diorama.graph import Graph, Wire, read_graph
from diorama.library import Library
from diorama.plan import Plan, look_up
from diorama.preparation import planned, settled_and_checked
from diorama.refs import Blob, Ref
from diorama.run.events import State
from diorama.run.scheduler import Scheduler
from diorama.run.state import Listener, Run, no_listener
from diorama.store.calls import CallStore
from diorama.store.claims import CLAIM_SECONDS, Claims
from diorama.templates import find_graph, graph_path

TRIES = 3
"""How often a run is planned anew when stored values turn out damaged under it."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a run gave. `outputs` holds the results that are there, also where others failed."""

    run: str
    state: State
    outputs: Mapping[str, Ref]
    faults: Sequence[Fault]
    tracebacks: Sequence[str]
    record: bytes
    """The run's manifest as it lies in the store, or nothing where that could not be written."""
    transport: Transport

    @property
    def manifest(self) -> dict[str, JsonValue]:
        """What the run was made of: graph, parameters, every call with its key, version and time, the results."""
        read: dict[str, JsonValue] = orjson.loads(self.record or b"{}")
        return read

    def __getitem__(self, name: str) -> object:
        """A result's value, decoded; raises `KeyError` where the run did not come to it."""
        return self.transport.value(self.outputs[name])

    def bytes(self, name: str) -> bytes:
        """A result's bytes as they are stored; raises `TypeError` for one that is no artefact."""
        ref = self.outputs[name]
        if not isinstance(ref, Blob):
            raise TypeError(f"the result {name!r} is no artefact")
        return self.transport.blobs.get(ref.digest)


class Session:
    """A store, the nodes that were found, and an executor: what runs need. Use it in a `with` block."""

    def __init__(
        self,
        store: Path | CallStore,
        *,
        catalogue: Catalogue | None = None,
        executor: Literal["threads", "inline", "processes"] | Callable[[Transport], Executor] = "threads",
        graphs: Callable[[str], Graph | None] = find_graph,
        claim_seconds: float = CLAIM_SECONDS,
    ) -> None:
        self.store = store if isinstance(store, CallStore) else CallStore(store)
        self.library = Library(catalogue if catalogue is not None else installed(), graphs)
        self.transport = Transport(self.store.blobs)
        self.executor = (
            executor(self.transport) if callable(executor) else _executor(executor, self.transport, self.store)
        )
        self.scheduler = Scheduler(
            self.store, self.executor, Claims(self.store, secrets.token_hex(8), seconds=claim_seconds)
        )

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Let threads and database go."""
        self.executor.close()
        self.scheduler.claims.close()
        self.store.close()

    def check(
        self,
        graph: Graph,
        values: Mapping[str, JsonValue] | None = None,
        targets: Sequence[Wire] = (),
        folder: Path | None = None,
    ) -> list[Fault]:
        """Every fault of a graph; none where it can run."""
        with collected_seldom():
            return list(settled_and_checked(graph, self.library, values, targets, FilesOnDisk(folder))[1].faults)

    def plan(
        self,
        graph: Graph,
        values: Mapping[str, JsonValue] | None = None,
        targets: Sequence[Wire] = (),
        folder: Path | None = None,
        use_cache: bool = True,
    ) -> Plan:
        """What a run would do; raises `DioramaError` with every fault of the graph.

        `targets` are asked for instead of the graph's results; file paths in the graph are taken from `folder`.
        """
        with collected_seldom():
            plan = self._planned(graph, values, targets, folder)
            plan.wanted, _ = look_up(plan, self.store, plan.goals, use_cache)
            return plan

    def _planned(
        self,
        graph: Graph,
        values: Mapping[str, JsonValue] | None,
        targets: Sequence[Wire],
        folder: Path | None,
    ) -> Plan:
        files = FilesOnDisk(folder)
        settled, checked = settled_and_checked(graph, self.library, values or {}, targets, files)
        return planned(settled, checked, self.library, self.store.blobs, targets, files)

    def run(
        self,
        graph: Graph,
        values: Mapping[str, JsonValue] | None = None,
        *,
        targets: Sequence[Wire] = (),
        folder: Path | None = None,
        listener: Listener = no_listener,
        use_cache: bool = True,
        retries: int | None = None,
        name: str | None = None,
    ) -> Result:
        """Run a graph to its end and give what came out, also where something failed.

        Raises `DioramaError` with every fault where the graph cannot be run at all.
        """
        run = self.begin(graph, values, targets, folder, listener, use_cache, retries, name)
        try:
            self.scheduler.run_until_idle()
            for _ in range(TRIES):
                if not run.needs_plan:
                    break
                # The graph as it was settled: random seeds stay what they were drawn to be.
                settled, values = run.plan.graph, dict(run.plan.values)
                run = self.begin(settled, values, targets, folder, listener, use_cache, retries)
                self.scheduler.run_until_idle()
        except BaseException as error:
            if not isinstance(error, KeyboardInterrupt):
                # What a listener raises must not be raised again by what is told of the end.
                run.listener = no_listener
            self.scheduler.cancel(run.id)
            self.scheduler.run_until_idle()
            raise
        return self.result(run)

    def begin(
        self,
        graph: Graph,
        values: Mapping[str, JsonValue] | None = None,
        targets: Sequence[Wire] = (),
        folder: Path | None = None,
        listener: Listener = no_listener,
        use_cache: bool = True,
        retries: int | None = None,
        name: str | None = None,
    ) -> Run:
        """Submit a run; it goes on as the scheduler turns."""
        with collected_seldom():
            plan = self._planned(graph, values, targets, folder)
            run = Run(name or secrets.token_hex(8), plan, self.library, listener, use_cache, retries)
            self.scheduler.submit(run)
            return run

    def result(self, run: Run) -> Result:
        """What a run that has ended gave."""
        record = self.store.record(run.id)
        return Result(run.id, run.state, run.results(), run.faults, run.tracebacks, record, self.transport)


def _executor(name: Literal["threads", "inline", "processes"], transport: Transport, store: CallStore) -> Executor:
    match name:
        case "threads":
            return ThreadExecutor(transport)
        case "inline":
            return InlineExecutor(transport)
        case "processes":
            from diorama.execute.processes import ProcessExecutor
            from diorama.lease.found import machine_leases

            return ProcessExecutor(transport, devices=machine_leases(store))


def load_graph(name_or_path: str | Path) -> tuple[Graph, Path | None]:
    """A graph from a file or by the name of a saved one, with the folder its file paths are relative to.

    Raises `DioramaError` with the faults of the file, or C001 where there is none.
    """
    path = graph_path(name_or_path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise failure("C001", str(name_or_path), f"the graph cannot be read: {error.strerror}") from error
    if path.suffix.lower() not in (".json", ""):
        from diorama.embed import extract_graph

        try:
            embedded = extract_graph(content)
        except BadInput as error:
            raise failure("C001", str(name_or_path), str(error)) from error
        if embedded is None:
            raise failure("C001", str(name_or_path), "the file carries no graph")
        content = embedded
    return read_graph(content), path.parent


def target_of(text: str, graph: Graph) -> Wire:
    """The output that a text `node.port` names; a name alone is a result of the graph. Raises `DioramaError`."""
    if text in graph.results:
        return graph.results[text]
    node, dot, port = text.rpartition(".")
    if not dot:
        wanted = "a result or `node.port` is wanted"
        raise failure("C001", pointer("results", text), f"{text!r} is no result of the graph; {wanted}")
    return Wire(node, port)
