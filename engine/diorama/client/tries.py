"""When a client tries again, and how long it waits before."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from diorama.client.errors import Again

PATIENCE_SECONDS = 60.0
"""How long a client goes on trying to reach a server that has gone."""
FIRST_SECONDS = 0.1
LONGEST_SECONDS = 2.0


@dataclass(slots=True)
class Tries:
    """The tries of one request or line; each wait is twice as long as the one before, up to a bound."""

    patience: float = PATIENCE_SECONDS
    clock: Callable[[], float] = time.monotonic
    _count: int = 0
    _begun: float = field(init=False)

    def __post_init__(self) -> None:
        self._begun = self.clock()

    def seconds(self, again: Again) -> float:
        """How long to wait before the next try; raises the error where there have been tries for long enough."""
        if self.clock() - self._begun > self.patience:
            raise again.error
        self._count += 1
        return max(again.seconds or 0.0, min(FIRST_SECONDS * 2.0 ** (self._count - 1), LONGEST_SECONDS))


async def apause(seconds: float) -> None:
    """Wait on the event loop."""
    await asyncio.sleep(seconds)


def pause(seconds: float) -> None:
    """Wait on this thread."""
    threading.Event().wait(seconds)
