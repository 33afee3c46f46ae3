"""Garbage looked for less often where much is made and nothing is thrown away."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

SELDOM = (10_000, 3, 3_000)
"""Thresholds of the collector where many objects are made that last: those of a graph, a plan, a run.

A pass over what is young holds every thread up: 4 times 10,000 objects take 6 ms, 20 times 50,000 took 230. That is
also why the collector is not held off altogether: all that was made meanwhile would be young at the end.
"""


STARTING = (200_000, 3, 3_000)
"""Thresholds of the collector until anything is run: importing makes objects that last, and no garbage."""


class _Blocks:
    """How many blocks are under way, on all threads, and the thresholds from before the first of them."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.count = 0
        self.before = gc.get_threshold()


_blocks = _Blocks()


@contextmanager
def collected_seldom() -> Iterator[None]:
    """Let the cyclic collector look less often for the length of a block, in whatever order those of threads end.

    At its usual thresholds its passes over all that a run of 10,000 nodes keeps make a node a third dearer than one
    of 1,000, and checking and planning them as well.
    """
    with _blocks.lock:
        if not _blocks.count:
            _blocks.before = gc.get_threshold()
            gc.set_threshold(*SELDOM)
        _blocks.count += 1
    try:
        yield
    finally:
        with _blocks.lock:
            _blocks.count -= 1
            if not _blocks.count:
                gc.set_threshold(*_blocks.before)
