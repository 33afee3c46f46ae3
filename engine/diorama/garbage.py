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
        _age()
        if was_on:
            gc.enable()


def _age() -> None:
    """Count all that is there among what lasts, without looking at it."""
    gc.freeze()
    gc.unfreeze()


SELDOM = (1_000, 1_000, 10)
"""Thresholds of the collector while runs go: a run makes many objects that last until its end.

Each pass holds every thread up: one over 1,000 new objects takes 50 µs, and finds what errors and requests leave
behind. Passes over what outlived those found nothing, and took 10 to 50 ms several times a second.
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
