"""What a worker process puts itself under: the life of its server, a low priority, a bound on memory."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from diorama.execute import proc

LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
NICENESS = 5
"""Of workers: the server goes on answering while they compute."""
OOM_SCORE = "500"
"""Where the machine is out of memory, it ends a worker before the server."""


def bind_to(server: int) -> None:
    """Die when the server does, also where that is killed; be taken before it where the machine runs short."""
    if sys.platform == "linux":
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(OOM_SCORE)
    if os.getppid() != server:
        # It died before the kernel was asked to tell.
        end_group()
    with suppress(OSError):
        os.nice(NICENESS)


def end_group() -> None:
    """End this process and all that it started and that stayed in its group."""
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)


@contextmanager
def memory(most: int) -> Iterator[None]:
    """Let this process ask for no more than `most` bytes beyond what it has, as far as the system keeps count.

    What is asked for in vain is a `MemoryError` in Python. Memory that is mapped from files or devices does not count.
    """
    taken = proc.data_bytes(os.getpid())
    if not most or not taken:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = taken + most
    resource.setrlimit(resource.RLIMIT_DATA, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def flush_native() -> None:
    """Let what C code printed reach the pipe."""
    LIBC.fflush(None)
