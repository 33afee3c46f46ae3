"""How things are timed: several runs in turn with what they are compared with, medians told."""

from __future__ import annotations

import gc
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple


class Figure(NamedTuple):
    """A line of the table: what was measured, what came out, and the bound it is held against."""

    what: str
    measured: float
    unit: str
    bound: float | None = None
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Whether it is within its bound."""
        return self.bound is None or self.measured <= self.bound


def seconds(work: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    gc.collect()
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def median(work: Callable[[], float], times: int = 5) -> float:
    """The median of several measurements."""
    return statistics.median(work() for _ in range(times))


def quantile(values: Sequence[float], share: float = 0.5) -> float:
    """The value that this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


@contextmanager
def folder() -> Iterator[Path]:
    """A folder on disk that is gone afterwards."""
    path = Path(tempfile.mkdtemp(prefix="diorama-bench-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def in_fresh_process(code: str, *arguments: str) -> float:
    """The number that a program prints last, run in a process of its own."""
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return float(done.stdout.strip().splitlines()[-1])


def whole_command(*command: str) -> float:
    """Seconds of a whole command, from start to exit."""
    begun = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - begun
