"""Stretches of work on two threads, with the same result as on one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from diorama.context import Context

T = TypeVar("T")

CHUNK = 32768
"""Points worked on at once: few enough that they stay in the processor's cache."""
MOST_THREADS = 2


def stretches(count: int) -> Iterator[slice]:
    """Stretches that cover `count` things."""
    for start in range(0, count, CHUNK):
        yield slice(start, min(start + CHUNK, count))


def threads() -> int:
    """How many threads a picture is worked on by: no more than this process may use processors."""
    return min(MOST_THREADS, os.cpu_count() or 1)


def in_stretches(
    ctx: Context, count: int, work: Callable[[slice], T], told: tuple[float, float, str] | None = None
) -> list[T]:
    """What `work` gives for each stretch of `count` things, in their order.

    told: progress at the start and at the end, and what is being done. A cancel takes hold between stretches.
    """

    def calm(part: slice) -> T:
        # A mesh may hold anything; what it makes of light is put right at the end.
        with np.errstate(all="ignore"):
            return work(part)

    parts = list(stretches(count))
    done: list[T] = []
    with ThreadPoolExecutor(threads()) as pool:
        try:
            for number, result in enumerate(pool.map(calm, parts)):
                done.append(result)
                if told is not None:
                    ctx.progress(told[0] + (told[1] - told[0]) * (number + 1) / len(parts), told[2])
                ctx.check_cancelled()
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return done
