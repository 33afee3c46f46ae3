"""Answers go first: while a request is under way, the engine's thread makes no light call for a moment.

Both are Python, of which one thread runs at a time. An answer lets go of that turn at each row that it reads, and
beside a busy thread waits half a millisecond to have it back: a list of 50 runs, which takes 1 ms by itself, took 20.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event
from typing import Final

QUICK_SECONDS: Final = 0.02
"""A request that takes longer is not waited for any more: an upload, a stream, a graph of 100,000 nodes."""
ASIDE_SECONDS: Final = 0.01
"""How long the engine's thread steps aside at a time; then it works for at least as long as it did."""


class RightOfWay:
    """Which requests are under way. `give_way` is for the engine's thread, the rest for any."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, wait: Callable[[Event, float], object] = Event.wait
    ) -> None:
        self._clock = clock
        self._wait = wait
        self._came: dict[str, float] = {}
        self._is_clear = Event()
        self._works_until = 0.0

    def enter(self, request: str) -> None:
        """A request has come."""
        self._came[request] = self._clock()

    def leave(self, request: str) -> None:
        """It is answered, at least in part; may be said more than once."""
        if self._came.pop(request, None) is not None and not self._is_wanted(self._clock()):
            self._is_clear.set()

    def give_way(self) -> None:
        """Wait while requests are under way that take but a moment: never long, and at most half of the time."""
        if not self._came:
            return
        now = self._clock()
        if now < self._works_until or not self._is_wanted(now):
            return
        self._is_clear.clear()
        # The last may have left meanwhile.
        if self._is_wanted(now):
            self._wait(self._is_clear, ASIDE_SECONDS)
        after = self._clock()
        self._works_until = after + (after - now)

    def _is_wanted(self, now: float) -> bool:
        return any(now - came < QUICK_SECONDS for came in list(self._came.values()))
