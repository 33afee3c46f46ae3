"""Handlers that read a few rows: two at a time, in the order in which they were asked.

Forty threads that take turns in one interpreter finish all at once and late: 20 lists of runs that came together took
30 ms each. One after the other the first is out after 1 ms, and who asks again does so at another time than the others.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

import anyio.to_thread
from anyio.lowlevel import RunVar

P = ParamSpec("P")
R = TypeVar("R")

READERS: Final = 2
"""Of these one may wait for the disk or a database server."""
_limiter: Final = RunVar[anyio.CapacityLimiter]("diorama.quick")
"""One of each event loop."""


def quick(handler: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    """A handler that blocks, but for a moment, in a thread of the few for such."""

    @wraps(handler)
    async def answered(*given: P.args, **named: P.kwargs) -> R:
        return await anyio.to_thread.run_sync(lambda: handler(*given, **named), limiter=_readers())

    return answered


def _readers() -> anyio.CapacityLimiter:
    try:
        return _limiter.get()
    except LookupError:
        made = anyio.CapacityLimiter(READERS)
        _limiter.set(made)
        return made
