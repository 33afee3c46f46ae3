"""What a worker measures of the memory that it takes on its device."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Any, Protocol

from diorama.lease.simulated import SimulatedMemory


class Meter(Protocol):
    """Memory of a device, as far as this process takes it; in bytes."""

    def used(self) -> int:
        """What lives on the device now."""

    def peak(self) -> int:
        """The most that lived there since `restart`."""

    def restart(self) -> None:
        """Count the most from here."""

    def held(self) -> int:
        """What this process keeps from others, caches and its libraries' own memory included."""

    def reclaim(self) -> None:
        """Give back what is not used: garbage, caches."""

    def bound(self, size: int) -> None:
        """Let allocations beyond a size fail, as far as that can be had; 0 for no bound."""

    def is_spent(self) -> bool:
        """Whether the device answers this process no more."""


class TorchMeter:
    """A GPU as torch counts it. Before a node has brought torch in, there is nothing to count."""

    def __init__(self, device: str) -> None:
        self.device = device
        self._own: int | None = None
        self._bound: int | None = None
        """A bound that torch was not told yet."""

    @property
    def _cuda(self) -> Any:
        """Torch's view of CUDA, None before a node has brought it up."""
        torch = sys.modules.get("torch")
        if torch is None or not torch.cuda.is_initialized():
            return None
        if self._bound is not None:
            total = int(torch.cuda.get_device_properties(self.device).total_memory)
            share = min(self._bound / total, 1.0) if self._bound else 1.0
            torch.cuda.set_per_process_memory_fraction(share, self.device)
            self._bound = None
        return torch.cuda

    def used(self) -> int:
        """Bytes of tensors."""
        cuda = self._cuda
        return int(cuda.memory_allocated(self.device)) if cuda is not None else 0

    def peak(self) -> int:
        """The most bytes of tensors."""
        cuda = self._cuda
        return int(cuda.max_memory_allocated(self.device)) if cuda is not None else 0

    def restart(self) -> None:
        """Count the most from here."""
        cuda = self._cuda
        if cuda is not None:
            cuda.reset_peak_memory_stats(self.device)

    def held(self) -> int:
        """Torch's blocks and what CUDA takes to run at all, which is what is left of the free memory's loss."""
        cuda = self._cuda
        if cuda is None:
            return 0
        return int(cuda.memory_reserved(self.device)) + self._context(cuda)

    def _context(self, cuda: Any) -> int:
        """Bytes of this process beyond torch's blocks, as NVML tells them; asked once."""
        if self._own is None:
            from diorama.lease.nvml import own_bytes

            told = own_bytes(os.environ.get("CUDA_VISIBLE_DEVICES", "0"), os.getpid())
            self._own = max((told or 0) - int(cuda.memory_reserved(self.device)), 0)
        return self._own

    def reclaim(self) -> None:
        """Collect garbage and give torch's empty blocks back to the driver."""
        gc.collect()
        cuda = self._cuda
        if cuda is not None:
            cuda.empty_cache()

    def bound(self, size: int) -> None:
        """Let torch fail beyond a size, from when it is there: the others on the device keep theirs."""
        self._bound = size
        _ = self._cuda

    def is_spent(self) -> bool:
        """Whether CUDA fails at a question that any live context answers: one bad kernel ends it for good."""
        cuda = self._cuda
        if cuda is None:
            return False
        try:
            cuda.synchronize(self.device)
        except RuntimeError:
            return True
        return False


class ProcessMeter:
    """The memory of this process, where the CPU is the device."""

    def used(self) -> int:
        """Bytes that lie in memory."""
        return _status("VmRSS")

    def peak(self) -> int:
        """The most bytes; since the process began where the system does not let it be counted anew."""
        return max(_status("VmHWM"), self.used())

    def restart(self) -> None:
        """Count the most from here."""
        try:
            Path("/proc/self/clear_refs").write_text("5")
        except OSError:
            return

    def held(self) -> int:
        """All of it."""
        return self.used()

    def reclaim(self) -> None:
        """Collect garbage."""
        gc.collect()

    def bound(self, size: int) -> None:
        """Nothing: what a process maps says little about what it takes."""

    def is_spent(self) -> bool:
        """Never."""
        return False


def _status(name: str) -> int:
    """A size in /proc/self/status; where there is none, what psutil tells."""
    try:
        with Path("/proc/self/status").open() as lines:
            for line in lines:
                if line.startswith(name):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    import psutil

    return int(psutil.Process().memory_info().rss)


class SimulatedMeter:
    """A worker's share of a simulated memory."""

    def __init__(self, memory: SimulatedMemory, holder: str) -> None:
        self.memory = memory
        self.holder = holder

    def used(self) -> int:
        """Bytes that it holds."""
        return self.memory.held.get(self.holder, 0)

    def peak(self) -> int:
        """The most bytes that it held."""
        return max(self.memory.peaks.get(self.holder, 0), self.used())

    def restart(self) -> None:
        """Count the most from here."""
        self.memory.peaks[self.holder] = self.used()

    def held(self) -> int:
        """All of it."""
        return self.used()

    def reclaim(self) -> None:
        """Nothing: what simulated weights hold is given back as soon as nobody refers to them."""

    def bound(self, size: int) -> None:
        """Let allocations beyond a size fail."""
        self.memory.bounds[self.holder] = size or self.memory.total

    def is_spent(self) -> bool:
        """Never: a simulated device is lost for all or for none."""
        return False
