"""The way in: submissions are checked, seeds drawn, and all is written down that any server needs to run them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from pydantic import JsonValue

from diorama.catalogue import Catalogue
from diorama.checked import Checked
from diorama.faults import DioramaError, Fault
from diorama.files import FilesOnDisk
from diorama.graph import Graph, Wire, read_graph
from diorama.interface import SAVED
from diorama.json_text import canonical, normal
from diorama.keys import Digest, digest_of
from diorama.library import FindGraph, Library
from diorama.plan import Plan
from diorama.preparation import planned, settled_and_checked
from diorama.run.kept_files import KeptFiles
from diorama.run.pinned import PinnedGraphs
from diorama.run.state import Run
from diorama.run.views import Submission
from diorama.seeds import Drawn, with_drawn
from diorama.store.artefacts import Artefacts
from diorama.store.calls import CallStore
from diorama.store.graphs import SavedGraphs
from diorama.store.run_rows import NewRun, RunRow


@dataclass(frozen=True, slots=True)
class Accepted:
    """A submission that was checked."""

    submission: Submission
    settled: Graph
    checked: Checked
    library: Library
    pins: Mapping[str, int] = field(default_factory=dict)
    """Versions of the saved graphs in it."""


class Intake:
    """Checks and plans graphs over one store. Any thread may use it."""

    def __init__(self, store: CallStore, catalogue: Catalogue, saved: SavedGraphs, in_folders: FindGraph) -> None:
        self.store = store
        self.saved = saved
        self.in_folders = in_folders
        self.artefacts = Artefacts(store)
        self.library = Library(catalogue)
        """Knows declared nodes alone: what a saved graph is may change from one run to the next."""

    def find_graph(self, name: str) -> Graph | None:
        """A saved graph by its name: of the database, else of a folder; None where there is none."""
        return PinnedGraphs(self.saved, self.in_folders, {}).find(name)

    def _library(self, graph: Graph, pinned: PinnedGraphs) -> Library:
        if not any(type_.startswith(SAVED) for type_ in {node.type for node in graph.nodes.values()}):
            return self.library
        interfaces, kinds = dict(self.library.interfaces), dict(self.library.kinds)
        return Library(self.library.catalogue, pinned.find, interfaces, {}, kinds)

    def files(self, folder: Path | None) -> KeptFiles:
        """The files that a submission may name; those on the disk only where it says a folder."""
        return KeptFiles(self.artefacts, None if folder is None else FilesOnDisk(folder))

    def faults(self, graph: Graph, values: Mapping[str, JsonValue] | None, targets: Sequence[Wire]) -> list[Fault]:
        """Every fault of a graph; none where it can run."""
        library = self._library(graph, PinnedGraphs(self.saved, self.in_folders, {}))
        return list(settled_and_checked(graph, library, values, targets, self.files(None))[1].faults)

    def accept(self, submission: Submission, pins: Mapping[str, int] | None = None) -> Accepted:
        """A submission without fault, seeds drawn; raises `DioramaError` with every fault."""
        looked_at = self.look_at(submission, submission.values, pins)
        if looked_at.checked.faults:
            raise DioramaError(looked_at.checked.faults)
        return looked_at

    def look_at(
        self, submission: Submission, values: Mapping[str, JsonValue], pins: Mapping[str, int] | None = None
    ) -> Accepted:
        """A submission with some values of its parameters, checked, seeds drawn; it may have faults."""
        pinned = PinnedGraphs(self.saved, self.in_folders, pins or {})
        library = self._library(submission.graph, pinned)
        files = self.files(submission.folder)
        settled, checked = settled_and_checked(submission.graph, library, values, submission.targets, files)
        return Accepted(submission, settled, checked, library, pinned.pins)

    def plan(self, accepted: Accepted) -> Plan:
        """The plan of a submission, before anything is looked up."""
        one = accepted.submission
        files = self.files(one.folder)
        return planned(accepted.settled, accepted.checked, accepted.library, self.store.blobs, one.targets, files)

    def run_of(self, row: RunRow, content: bytes) -> Run:
        """A run made ready from its row and graph; raises `DioramaError` where it cannot run (any more)."""
        options = orjson.loads(row.options)
        accepted = self.accept(_submission_of(row, options, content), options.get("pins"))
        run = self.made_ready(row.id, accepted, row.token, row.attempt)
        if run.attempt > 1 and not run.use_cache:
            run.finished.update(finished_calls(self.store.journal(run.id)))
        return run

    def made_ready(self, name: str, accepted: Accepted, token: int, attempt: int, content: bytes = b"") -> Run:
        """A run that the scheduler can begin; `content` is the graph as it was settled, where that is written."""
        one = accepted.submission
        plan = self.plan(accepted)
        run = Run(name, plan, accepted.library, use_cache=one.use_cache, retries=one.retries, content=content)
        run.priority, run.token, run.attempt = one.priority, token, attempt
        return run


def finished_calls(journal: Iterable[Mapping[str, JsonValue]]) -> Iterator[Digest]:
    """The keys of the calls that a run's journal tells the end of."""
    for event in journal:
        if event["kind"] == "call_finished" and event["key"]:
            yield Digest(bytes.fromhex(str(event["key"])))


def new_run(name: str, accepted: Accepted) -> NewRun:
    """An accepted submission as it lies in the queue."""
    one = accepted.submission
    return NewRun(
        id=name,
        title=accepted.settled.title if one.title is None else one.title,
        graph=accepted.settled.canonical(),
        parameters=canonical(normal(dict(accepted.checked.parameters))),
        options=options_of(one, accepted.pins),
        client=one.client,
        project=one.project,
        saved=one.saved,
        priority=one.priority,
    )


def options_of(submission: Submission, pins: Mapping[str, int], drawn: Drawn | None = None) -> bytes:
    """How a submission is to be run, as its row has it; what is as usual is left out."""
    options = {
        "targets": [str(wire) for wire in submission.targets],
        "use_cache": None if submission.use_cache else False,
        "retries": submission.retries,
        "folder": None if submission.folder is None else str(submission.folder),
        "pins": dict(pins),
        "drawn": drawn,
    }
    return orjson.dumps({name: value for name, value in options.items() if value not in (None, [], {})})


def _submission_of(row: RunRow, options: Mapping[str, JsonValue], content: bytes) -> Submission:
    return Submission(
        graph=settled_graph(content, options),
        values=orjson.loads(row.parameters),
        targets=[Wire(*str(target).rsplit(".", 1)) for target in options.get("targets", ())],  # type: ignore[union-attr]
        title=row.title,
        project=row.project,
        priority=row.priority,
        client=row.client,
        use_cache=options.get("use_cache", True) is True,
        retries=options.get("retries"),  # type: ignore[arg-type]
        folder=Path(str(options["folder"])) if "folder" in options else None,
    )


def settled_graph(content: bytes, options: Mapping[str, JsonValue]) -> Graph:
    """The graph of a run; one of a batch has seeds of its own."""
    drawn = options.get("drawn")
    graph = read_graph(content)
    return with_drawn(graph, drawn) if isinstance(drawn, dict) else graph  # type: ignore[arg-type]


def request_digest(submission: Submission, *more: bytes) -> Digest:
    """The digest of what is asked for, by which the same request is known again."""
    asked = {
        "graph": digest_of(submission.graph.canonical()).hex(),
        "values": dict(submission.values),
        "options": options_of(submission, {}).decode(),
        "title": submission.title,
        "project": submission.project,
        "priority": submission.priority,
    }
    return digest_of(b"\0".join([orjson.dumps(asked, option=orjson.OPT_SORT_KEYS), *more]))
