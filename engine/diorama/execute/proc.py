"""What `/proc` tells of a process; on systems without it, nothing."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

PAGE = resource.getpagesize()
CHUNK = 65536
"""More than any of these files holds."""


def _read(place: str) -> bytes:
    # These are read for every call: `Path.read_bytes` takes six times as long.
    file = os.open(place, os.O_RDONLY)
    try:
        return os.read(file, CHUNK)
    finally:
        os.close(file)


def _pages(pid: int, field: int) -> int:
    try:
        return int(_read(f"/proc/{pid}/statm").split()[field]) * PAGE
    except (OSError, ValueError, IndexError):
        return 0


def rss_bytes(pid: int) -> int:
    """What a process holds in memory."""
    return _pages(pid, 1)


def data_bytes(pid: int) -> int:
    """What a process has asked for to write into, as `RLIMIT_DATA` counts it."""
    return _pages(pid, 5)


def started(pid: int) -> int:
    """When a process began, in ticks since the machine did: with the number it names one process for good."""
    try:
        content = _read(f"/proc/{pid}/stat")
        # The name in parentheses may hold anything; the 20th field after it is the start.
        return int(content.rpartition(b")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return 0


def descendants(pid: int) -> dict[int, int]:
    """All that a process has started, and what that has started in turn: when each began, by its number."""
    found: dict[int, int] = {}
    waiting = [pid]
    while waiting:
        for child in _children(waiting.pop()):
            if child not in found:
                found[child] = started(child)
                waiting.append(child)
    return found


def _children(pid: int) -> list[int]:
    children: list[int] = []
    with suppress(OSError, ValueError):
        for task in os.listdir(f"/proc/{pid}/task"):
            children += [int(word) for word in _read(f"/proc/{pid}/task/{task}/children").split()]
    return children


def end_all(processes: Mapping[int, int]) -> None:
    """Kill processes, by number and start; one that only has the number of another is left alone."""
    for pid, begun in processes.items():
        if begun and started(pid) == begun:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)


def oom_kills() -> int:
    """How many processes this machine has ended so far for want of memory."""
    with suppress(OSError, ValueError):
        for line in _read("/proc/vmstat").splitlines():
            name, _, count = line.partition(b" ")
            if name == b"oom_kill":
                return int(count)
    return 0


@cache
def machine_bytes() -> int:
    """The memory of this machine, or of the part of it that this process is confined to."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for place in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        with suppress(OSError, ValueError):
            total = min(total, int(Path(place).read_text()))
    return total
