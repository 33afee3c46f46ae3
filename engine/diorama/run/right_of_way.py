"""Answers go first: while a request is under way, the engine's thread makes no light call for a moment.

Both are Python, of which one thread runs at a time. An answer lets go of that turn at each row that it reads, and
beside a busy thread waits half a millisecond to have it back: a list of 50 runs, which takes 1 ms by itself, took 20.

Half a millisecond is the least. The interpreter makes a busy thread give its turn up only where it held it all that
time, and the engine's lets go at each digest and each row, to have it back before a waiting thread is awake: requests
lay for 25 ms before anything looked at them, and nobody knew that they were there. So the engine's thread also stands
still once in a while, for as long as a thread takes to wake.
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
STRETCH_SECONDS: Final = 0.002
"""How long it works before it stands still. With it 95 % of 20 clients' answers came within 3 to 6 ms, before 18 to 22;
the engine got as far as it did."""
STILL_SECONDS: Final = 0.000_05
"""As asked for; with what the system adds a tenth of a millisecond."""


class RightOfWay:
    """Which requests are under way. `give_way` is for the engine's thread, the rest for any."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, wait: Callable[[Event, float], object] = Event.wait
    ) -> None:
        self._clock = clock
        self._wait = wait
        self._came: dict[str, float] = {}
        self._is_clear = Event()
        self._never = Event()
        self._works_until = 0.0
        self._stood = clock()

    def enter(self, request: str) -> None:
        """A request has come."""
        self._came[request] = self._clock()

    def leave(self, request: str) -> None:
        """It is answered, at least in part; may be said more than once."""
        if self._came.pop(request, None) is not None and not self._is_wanted(self._clock()):
            self._is_clear.set()

    def give_way(self) -> None:
        """Wait while requests are under way that take but a moment: never long, and at most half of the time."""
        now = self._clock()
        if self._came and now >= self._works_until and self._is_wanted(now):
            self._step_aside(now)
        elif now >= self._stood + STRETCH_SECONDS:
            self._wait(self._never, STILL_SECONDS)
            self._stood = self._clock()

    def _step_aside(self, now: float) -> None:
        self._is_clear.clear()
        # The last may have left meanwhile.
        if self._is_wanted(now):
            self._wait(self._is_clear, ASIDE_SECONDS)
        self._stood = self._clock()
        self._works_until = self._stood + (self._stood - now)

    def _is_wanted(self, now: float) -> bool:
        return any(now - came < QUICK_SECONDS for came in list(self._came.values()))
