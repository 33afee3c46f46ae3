"""A run as the scheduler keeps it: which steps wait for what, what came out, and what goes on record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from diorama.expand import Given, Output, Step
from diorama.faults import Fault
from diorama.keys import Digest
from diorama.library import Library
from diorama.plan import Plan
from diorama.refs import Ref
from diorama.run.events import Event, State

Listener = Callable[[Event], None]


def no_listener(event: Event) -> None:
    """Hear nothing."""


def nothing(*given: object) -> None:
    """Do nothing."""


@dataclass(slots=True)
class Record:
    """A call as the manifest names it."""

    step: str
    item: int | None
    node: str
    code: str
    key: Digest | None
    is_cached: bool
    seconds: float
    made_by: str
    outputs: Mapping[str, Ref]


@dataclass(slots=True)
class Spread:
    """A step that is mapped over lists: what came out for each item so far."""

    outputs: list[Mapping[str, Ref] | None]
    keys: list[Digest | None]
    left: int
    seconds: float = 0.0
    has_failed: bool = False


@dataclass(slots=True)
class Run:
    """One run. `id` is given from outside, so that a simulated run is the same twice."""

    id: str
    plan: Plan
    library: Library
    listener: Listener = no_listener
    use_cache: bool = True
    retries: int | None = None
    """Tries after a failed call; None for what each node declares."""
    priority: int = 0
    """The greater goes first where calls of several runs wait for places."""
    token: int = 0
    """Of the server that owns it: the row of a run whose token has grown is another's. 0 for a run without a queue."""
    attempt: int = 1
    state: State = "queued"
    outputs: dict[int, Mapping[str, Ref]] = field(default_factory=dict)
    """What came out, by step number."""
    active: set[int] = field(default_factory=set)
    """Steps that were asked for and are not done."""
    waiting: dict[int, int] = field(default_factory=dict)
    """How many sources each active step still waits for."""
    feeds: dict[int, list[int]] = field(default_factory=dict)
    """Active steps that wait for a step."""
    spreads: dict[int, Spread] = field(default_factory=dict)
    gathers: dict[int, list[dict[str, Given]]] = field(default_factory=dict)
    """Loops over a saved graph: for each item where its results come from."""
    stopped: dict[int, str] = field(default_factory=dict)
    """Steps that failed or were blocked, with the id of the step that failed."""
    urgency: dict[int, float] = field(default_factory=dict)
    """Seconds from a step's start to the end of the longest chain below it."""
    faults: list[Fault] = field(default_factory=list)
    tracebacks: list[str] = field(default_factory=list)
    needs_plan: bool = False
    """Whether it failed only since a stored value was damaged: planned anew, it makes that value again."""
    records: list[Record] = field(default_factory=list)
    made: dict[Digest, Mapping[str, Ref]] = field(default_factory=dict)
    finished: set[Digest] = field(default_factory=set)
    """Calls that its earlier attempts came to the end of, where it makes all calls anew."""
    told_results: set[str] = field(default_factory=set)
    seq: int = 0
    started: float = 0.0
    started_wall: float = 0.0
    ended_wall: float = 0.0
    is_cancelled: bool = False
    is_pausing: bool = False
    """Whether it makes no new calls and ends as paused once those under way have ended."""
    is_unwritten: bool = False
    """Whether its end could not be written."""
    is_lost: bool = False
    """Whether another server took it: nothing of it may be written any more."""
    content: bytes = b""
    """The graph's canonical bytes, where they are at hand."""
    _names: dict[int, list[str]] | None = None

    @property
    def graph_bytes(self) -> bytes:
        """The graph's canonical bytes."""
        if not self.content:
            self.content = self.plan.graph.canonical()
        return self.content

    @property
    def is_over(self) -> bool:
        """Whether the run has come to its end, or to a pause: nothing more is done for it."""
        return self.state not in ("queued", "running")

    @property
    def is_going(self) -> bool:
        """Whether calls made for it are still wanted."""
        return not self.is_over and not self.is_cancelled

    @property
    def takes_calls(self) -> bool:
        """Whether new calls may be made for it."""
        return self.is_going and not self.is_pausing

    def takes(self, key: Digest) -> bool:
        """Whether it takes what the cache has under a key: anything, or only what its earlier attempts made."""
        return self.use_cache or key in self.finished

    def is_settled(self, number: int) -> bool:
        """Whether a step is done, has failed, or is under way."""
        return number in self.active or number in self.outputs or number in self.stopped

    def step(self, number: int) -> Step:
        """A step by its number."""
        return self.plan.steps[number]

    def result_names(self, number: int | None) -> list[str]:
        """The results that come from a step; all of them for None."""
        if number is None:
            return list(self.plan.results)
        if self._names is None:
            self._names = {}
            for name, given in self.plan.results.items():
                if isinstance(given, Output):
                    self._names.setdefault(given.step, []).append(name)
        return self._names.get(number, [])

    def value(self, given: Given) -> Ref:
        """The value of an input whose source is done."""
        return self.outputs[given.step][given.port] if isinstance(given, Output) else given

    def is_known(self, given: Given) -> bool:
        """Whether the value of an input is there."""
        return not isinstance(given, Output) or given.step in self.outputs

    def results(self) -> dict[str, Ref]:
        """The results that are there."""
        return {name: self.value(given) for name, given in self.plan.results.items() if self.is_known(given)}
