"""The CPU as a device, for machines without a GPU."""

from __future__ import annotations

import platform
from pathlib import Path

from diorama.lease.device import Memory, Place, Reading


class Cpu:
    """The processor and the memory of this machine, as far as this process may use it."""

    is_gpu = False
    name = "cpu"
    identity = "cpu"
    place = Place("cpu")

    @property
    def title(self) -> str:
        """What its maker calls it."""
        return _model_name() or platform.processor() or platform.machine()

    def read(self) -> Reading:
        """Memory and load; where a control group bounds the memory, that bound."""
        import psutil

        memory = psutil.virtual_memory()
        known = Memory(memory.total, memory.total - memory.available)
        bound = _group_memory()
        return Reading(min(known, bound or known, key=lambda one: one.free), psutil.cpu_percent(interval=None) / 100)

    def used_by(self, pid: int) -> int | None:
        """Bytes of a process that lie in memory."""
        import psutil

        try:
            return int(psutil.Process(pid).memory_info().rss)
        except psutil.Error:
            return None


def _model_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def _group_memory() -> Memory | None:
    """Memory of the control group that this process runs in, None where nothing bounds it (cgroup v2)."""
    folder = Path("/sys/fs/cgroup")
    try:
        total = (folder / "memory.max").read_text().strip()
        used = int((folder / "memory.current").read_text())
        statistics = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
    except (OSError, ValueError):
        return None
    # Files that were read lie in memory only as long as nobody needs it.
    return Memory(int(total), max(used - int(statistics.get("inactive_file", 0)), 0)) if total.isdecimal() else None
