"""The way in: submissions are checked, seeds drawn, and all is written down that any server needs to run them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson
from pydantic import JsonValue

from diorama.catalogue import Catalogue
from diorama.checked import Checked
from diorama.faults import DioramaError, Fault
from diorama.garbage import collected_later
from diorama.graph import Graph, Wire, read_graph
from diorama.interface import SAVED
from diorama.json_text import canonical, normal
from diorama.keys import Digest, digest_of
from diorama.library import FindGraph, Library
from diorama.plan import Plan
from diorama.preparation import planned, settled_and_checked
from diorama.run.state import Run
from diorama.run.views import Submission
from diorama.store.calls import CallStore
from diorama.store.run_rows import NewRun, RunRow


@dataclass(frozen=True, slots=True)
class Accepted:
    """A submission that was found without fault."""

    submission: Submission
    settled: Graph
    checked: Checked
    library: Library


class Intake:
    """Checks and plans graphs over one store. Any thread may use it."""

    def __init__(self, store: CallStore, catalogue: Catalogue, find_graph: FindGraph) -> None:
        self.store = store
        self.find_graph = find_graph
        self.library = Library(catalogue)
        """Knows declared nodes alone: what a saved graph is may change from one run to the next."""

    def library_of(self, graph: Graph) -> Library:
        """A library in which the graph's nodes can be looked up, saved graphs as they are now."""
        if not any(node.type.startswith(SAVED) for node in graph.nodes.values()):
            return self.library
        interfaces, kinds = dict(self.library.interfaces), dict(self.library.kinds)
        return Library(self.library.catalogue, self.find_graph, interfaces, {}, kinds)

    def faults(
        self,
        graph: Graph,
        values: Mapping[str, JsonValue] | None,
        targets: Sequence[Wire],
        folder: Path | None = None,
    ) -> list[Fault]:
        """Every fault of a graph; none where it can run."""
        with collected_later():
            _, checked = settled_and_checked(graph, self.library_of(graph), values, targets, folder)
            return list(checked.faults)

    def accept(self, submission: Submission) -> Accepted:
        """A submission, checked, seeds drawn; raises `DioramaError` with every fault."""
        library = self.library_of(submission.graph)
        with collected_later():
            settled, checked = settled_and_checked(
                submission.graph, library, submission.values, submission.targets, submission.folder
            )
        if checked.faults:
            raise DioramaError(checked.faults)
        return Accepted(submission, settled, checked, library)

    def plan(self, accepted: Accepted) -> Plan:
        """The plan of a submission, before anything is looked up."""
        one = accepted.submission
        with collected_later():
            return planned(
                accepted.settled, accepted.checked, accepted.library, self.store.blobs, one.targets, one.folder
            )

    def run_of(self, row: RunRow, content: bytes) -> Run:
        """A run made ready from its row and graph; raises `DioramaError` where it cannot run (any more)."""
        submission = _submission_of(row, content)
        accepted = self.accept(submission)
        return self.made_ready(row.id, accepted, row.token, row.attempt)

    def made_ready(self, name: str, accepted: Accepted, token: int, attempt: int) -> Run:
        """A run that the scheduler can begin."""
        one = accepted.submission
        run = Run(name, self.plan(accepted), accepted.library, use_cache=one.use_cache, retries=one.retries)
        run.priority, run.token, run.attempt = one.priority, token, attempt
        return run


def new_run(name: str, accepted: Accepted) -> NewRun:
    """An accepted submission as it lies in the queue."""
    one = accepted.submission
    title = accepted.settled.title if one.title is None else one.title
    return NewRun(
        id=name,
        title=title,
        graph=accepted.settled.canonical(),
        parameters=canonical(normal(dict(accepted.checked.parameters))),
        options=options_of(one),
        client=one.client,
        project=one.project,
        saved=one.saved,
        priority=one.priority,
    )


def options_of(submission: Submission) -> bytes:
    """How a submission is to be run, as its row has it."""
    return orjson.dumps(
        {
            "targets": [str(wire) for wire in submission.targets],
            "use_cache": submission.use_cache,
            "retries": submission.retries,
            "folder": None if submission.folder is None else str(submission.folder),
        }
    )


def _submission_of(row: RunRow, content: bytes) -> Submission:
    options = orjson.loads(row.options)
    targets = [Wire(*target.rsplit(".", 1)) for target in options.get("targets", ())]
    folder = options.get("folder")
    return Submission(
        graph=read_graph(content),
        values=orjson.loads(row.parameters),
        targets=targets,
        title=row.title,
        project=row.project,
        priority=row.priority,
        client=row.client,
        use_cache=options.get("use_cache", True),
        retries=options.get("retries"),
        folder=None if folder is None else Path(folder),
    )


def request_digest(submission: Submission, *more: bytes) -> Digest:
    """The digest of what is asked for, by which the same request is known again."""
    asked = {
        "graph": digest_of(submission.graph.canonical()).hex(),
        "values": dict(submission.values),
        "options": options_of(submission).decode(),
        "title": submission.title,
        "project": submission.project,
        "priority": submission.priority,
    }
    return digest_of(b"\0".join([orjson.dumps(asked, option=orjson.OPT_SORT_KEYS), *more]))
