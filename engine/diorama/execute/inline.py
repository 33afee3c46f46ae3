"""Calls made on the scheduler's own thread: for light nodes, tests and benchmarks."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from threading import Event

from diorama.catalogue import Entry
from diorama.context import Context
from diorama.execute.call import Call, Outcome, Waiting
from diorama.execute.perform import perform
from diorama.execute.transport import Transport

NEVER = Event()
"""The flag of calls that nobody can cancel, since they have ended when `start` returns."""


def made_inline(call: Call, transport: Transport) -> Outcome:
    """What becomes of a call that is made here and now."""
    return perform(call, transport, Context(cancelled=NEVER))


class InlineExecutor:
    """Makes each call the moment it is started."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self._outcomes: deque[Outcome] = deque()
        self._woken = Event()

    def is_inline(self, entry: Entry) -> bool:
        """Whether it is not worth telling that such a call began."""
        return entry.node.is_light

    def lane(self, entry: Entry) -> str:
        """All calls wait for the one thread."""
        return "thread"

    def choose(self, lane: str, waiting: Sequence[Waiting]) -> int | None:
        """The first: a call that was started has ended, so that there is always a place."""
        return 0 if not self._outcomes else None

    def start(self, call: Call) -> None:
        """Make the call."""
        self._outcomes.append(made_inline(call, self.transport))

    def cancel(self, call: int) -> None:
        """Nothing: a started call has ended."""

    def abandon(self, call: int) -> None:
        """Nothing: a started call has ended."""

    def wait(self, seconds: float | None) -> Sequence[Outcome]:
        """What was made since the last time; where there is nothing, waits to be woken."""
        if not self._outcomes and seconds != 0:
            self._woken.wait(seconds)
            self._woken.clear()
        outcomes = list(self._outcomes)
        self._outcomes.clear()
        return outcomes

    def wake(self) -> None:
        """Let `wait` return."""
        self._woken.set()

    def close(self) -> None:
        """Nothing to let go."""
