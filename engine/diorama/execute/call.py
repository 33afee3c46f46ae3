"""A call as executors see it, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from diorama.catalogue import Entry
from diorama.keys import Digest
from diorama.model import Offload
from diorama.refs import Blob, Ref


@dataclass(frozen=True, slots=True)
class Rung:
    """How sparing of memory a call is made."""

    is_alone: bool = False
    """Whether what is idle and holds memory goes first: other models, other workers."""
    offload: Offload = "none"


LADDER = (Rung(), Rung(is_alone=True), Rung(is_alone=True, offload="model"), Rung(is_alone=True, offload="sequential"))
"""A call that ran out of memory is tried again one rung further down; its batch is halved on the second."""
RUNGS_WITHOUT_MODELS = 2
"""Where there is no model to offload, the rungs after these would change nothing."""


def rungs_of(entry: Entry) -> int:
    """How many rungs of the ladder there are for calls of a node."""
    return len(LADDER) if entry.node.settings.models else RUNGS_WITHOUT_MODELS


@dataclass(frozen=True, slots=True)
class Call:
    """A node and the inputs of one item, or of several where the node has a batched form."""

    id: int
    entry: Entry
    inputs: Sequence[Mapping[str, Ref]]
    rung: int = 0
    """Index into `LADDER`."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call that waits for a place, as an executor sees it when it chooses the next one."""

    entry: Entry
    inputs: Sequence[Mapping[str, Ref]]
    priority: int
    """Of its run; the greater goes first."""
    urgency: float
    """Seconds of the longest chain of calls below it, its own among them."""
    since: float
    """When it began to wait, on the scheduler's clock."""
    rung: int = 0
    """Index into `LADDER`."""

    @property
    def step(self) -> Rung:
        """How sparing of memory it would be called."""
        return LADDER[self.rung]

    @property
    def items(self) -> int:
        """How many items it would be called with at once."""
        return len(self.inputs)

    @property
    def models(self) -> tuple[str, ...]:
        """Names of the models that it needs."""
        return tuple(model.name for model in self.entry.node.settings.models)


@dataclass(frozen=True, slots=True)
class Done:
    """A call that came to its end: the outputs of each item."""

    call: int
    outputs: Sequence[Mapping[str, Ref]]
    seconds: float
    is_kept: bool = True
    """Whether the node lets the cache keep what it gave."""


Cause = Literal["node", "crash", "memory"]
"""Why a call failed: by what its node did, since its worker died, or since memory ran out."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A call that did not: the code of its fault, one sentence, and the traceback for the log."""

    call: int
    code: str
    message: str
    traceback: str = ""
    is_final: bool = False
    """Whether trying again would end the same way."""
    damaged: Digest | None = None
    """The blob that was not what it should be, where that is why."""
    cause: Cause = "node"
    """A crash is tried again once, whatever the node says of retries; out of memory, further down the ladder."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A call that ended since it was cancelled."""

    call: int


@dataclass(frozen=True, slots=True)
class Progressed:
    """How far a call is."""

    call: int
    fraction: float
    message: str


@dataclass(frozen=True, slots=True)
class Previewed:
    """An unfinished value of a call."""

    call: int
    preview: Blob


@dataclass(frozen=True, slots=True)
class Logged:
    """What a call printed."""

    call: int
    lines: Sequence[str]


Outcome = Done | Failed | Stopped | Progressed | Previewed | Logged


class Executor(Protocol):
    """Runs calls. All methods are for the scheduler's thread, `wake` for any."""

    def is_inline(self, entry: Entry) -> bool:
        """Whether `start` makes a call of this node before it returns: such calls wait for no place."""

    def lane(self, entry: Entry) -> str:
        """The queue that calls of this node wait in; those of one lane wait for the same places."""

    def choose(self, lane: str, waiting: Sequence[Waiting]) -> int | None:
        """Which of these calls to start now, or None where there is no place for any.

        They come in the order in which they should go by themselves, one for each set of models.
        """

    def start(self, call: Call) -> None:
        """Begin a call; what becomes of it is told by `wait`."""

    def cancel(self, call: int) -> None:
        """Ask a call to end; where it does not listen, it is forced as far as that is possible."""

    def abandon(self, call: int) -> None:
        """Count a call as ended although it is not: nothing more is told of it, and its place is free again."""

    def wait(self, seconds: float | None) -> Sequence[Outcome]:
        """What has come in; waits for the first up to `seconds`, None for ever."""

    def wake(self) -> None:
        """Let `wait` return."""

    def close(self) -> None:
        """Start nothing more and let all threads or processes go."""
