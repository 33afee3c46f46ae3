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
