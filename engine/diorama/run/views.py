"""What goes into the service and what it shows: submissions, runs, batches, the queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, Literal, TypeVar

from pydantic import JsonValue

from diorama.faults import Fault
from diorama.graph import Graph, Wire
from diorama.run.events import State

T = TypeVar("T")
Mode = Literal["product", "zip"]
"""How lists of values become the runs of a batch: each with each, or the first with the first."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A graph to run, with the values of its parameters and how it is to be run."""

    graph: Graph
    values: Mapping[str, JsonValue] = field(default_factory=dict)
    targets: Sequence[Wire] = ()
    """Outputs asked for instead of the graph's results."""
    title: str | None = None
    """None for the graph's own."""
    project: str | None = None
    priority: int = 0
    """The greater goes first."""
    client: str = "local"
    use_cache: bool = True
    retries: int | None = None
    saved: tuple[str, int] | None = None
    """Name and version of the saved graph that it was made from, as it was or changed."""
    idempotency_key: str | None = None
    """The same key of the same client is one submission, however often it comes."""
    folder: Path | None = None
    """Where file paths of the graph are taken from; for use in process alone."""


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as it stands. Times are seconds since the epoch."""

    id: str
    state: State
    title: str
    client: str
    project: str | None
    batch: str | None
    saved: str | None
    saved_version: int | None
    priority: int
    attempt: int
    """How often it was begun."""
    created: float
    started: float | None
    ended: float | None
    parameters: Mapping[str, JsonValue]
    faults: Sequence[Fault]
    progress: float | None
    """Share of its calls that are done, while it runs on this server."""
    results: Sequence[str]
    """Names of the results that are there."""
    place_in_queue: int | None
    """How many runs go before it; None where it does not wait, in lists, and beyond 1,000."""
    seq: int
    """Number of its newest event."""


@dataclass(frozen=True, slots=True)
class BatchView:
    """Runs that were submitted together, and how many are in each state."""

    id: str
    title: str
    client: str
    created: float
    runs: int
    states: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class QueueView:
    """The queue as a whole: how many runs have not ended, by state. `running` are the runs of this server."""

    paused: bool
    states: Mapping[str, int]
    running: Sequence[str]
    max_running: int
    max_running_per_client: int | None


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Which runs to list; what is None is not looked at."""

    state: State | None = None
    project: str | None = None
    batch: str | None = None
    saved: str | None = None
    client: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class LogLine:
    """A text of a run's log, as the traceback of a call; `number` is that of the event which told of it."""

    number: int
    at: float
    step: str
    item: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list, and where it goes on: None at its end."""

    items: Sequence[T]
    next: str | None
