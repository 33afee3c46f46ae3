"""Garbage collection held off where much is made and nothing is thrown away."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collected_later() -> Iterator[None]:
    """Hold the cyclic collector off for the length of a block that makes many lasting objects.

    Planning 10,000 nodes makes so many that the collector goes through all of them several times and finds nothing:
    a third of the time of check and plan.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


SELDOM = (10_000, 3, 3_000)
"""Thresholds of the collector while runs go: a run makes many objects that last until its end.

The second pass over what is young holds every thread up: 4 times 10,000 objects take 6 ms, 20 times 50,000 took 230.
"""


STARTING = (200_000, 3, 3_000)
"""Thresholds of the collector until anything is run: importing makes objects that last, and no garbage."""


@contextmanager
def collected_seldom() -> Iterator[None]:
    """Let the cyclic collector look less often for the length of a block.

    At its usual thresholds its passes over all that a run of 10,000 nodes keeps make a node a third dearer than one
    of 1,000.
    """
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
