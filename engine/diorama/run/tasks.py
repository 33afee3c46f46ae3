"""What waits to be called: one item of a step, alone or together with others where the node takes several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from diorama.expand import Step
from diorama.json_text import fitted
from diorama.keys import Digest
from diorama.refs import Inline, Ref
from diorama.run.state import Run

BATCH = 8
"""Items that are handed to a batched form at once."""
SHOWN_BYTES = 64
"""Values up to this size stand in a key's document themselves, so that `explain` can show old and new."""


@dataclass(frozen=True, slots=True)
class Past:
    """What a call has been through."""

    attempt: int = 1
    failures: int = 0
    """How often its node failed; the others do not count as tries."""
    crashes: int = 0
    """How often its worker died."""
    stops: int = 0
    """How often it ended by itself as if cancelled."""
    rung: int = 0
    """Index into the ladder of memory."""


@dataclass(slots=True)
class Task:
    """One call that a run needs. `key` is None for a volatile node, which is called each time."""

    run: Run
    number: int
    item: int | None
    inputs: Mapping[str, Ref]
    key: Digest | None
    past: Past = Past()

    @property
    def step(self) -> Step:
        """The step it belongs to."""
        return self.run.step(self.number)


@dataclass(slots=True)
class Job:
    """Tasks that are handed to an executor as one call."""

    tasks: Sequence[Task]
    call: int = 0
    began: float = 0.0
    deadline: float = 0.0
    claim: tuple[str, int] | None = None
    is_cancelled: bool = False
    """Whether the executor was asked to end it."""

    @property
    def rung(self) -> int:
        """How far down the ladder of memory it is called: as its tasks, which went down together."""
        return self.tasks[0].past.rung


def key_document(step: Step, inputs: Mapping[str, Ref]) -> bytes:
    """What went into a key, for `explain`: small values themselves, others by digest."""
    shown = {port: _shown(inputs[port]) for port, _ in step.kind.keyed if port in inputs}
    return fitted(orjson.dumps({"code": step.kind.entry.code, "inputs": shown}))


def _shown(ref: Ref) -> object:
    if isinstance(ref, Inline) and len(ref.text) <= SHOWN_BYTES:
        return {"value": orjson.Fragment(ref.text)}
    return {"digest": ref.digest.hex()}


def jobs_of(tasks: Sequence[Task]) -> list[Job]:
    """Tasks of one step put together where its node has a batched form."""
    if tasks[0].step.kind.entry.node.batched_function is None:
        return [Job([task]) for task in tasks]
    return [Job(tasks[start : start + BATCH]) for start in range(0, len(tasks), BATCH)]
