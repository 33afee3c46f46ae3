"""What a device does while something runs on it: seconds, utilisation, most memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

GIB: Final = 2**30
SAMPLE_SECONDS: Final = 0.05


@dataclass
class Measured:
    """One piece of work."""

    seconds: float = 0.0
    peak_gib: float = 0.0
    """Most that torch held at once, with what its allocator kept."""
    device_gib: float = 0.0
    """Most that the device had in use at once, whoever used it."""
    busy: list[float] = field(default_factory=list)
    """Shares of time in which the device computed, one a sample."""

    @property
    def utilisation(self) -> float | None:
        """The middle of the samples; None where the driver tells nothing."""
        return sorted(self.busy)[len(self.busy) // 2] if self.busy else None


@contextmanager
def measured(device: str) -> Iterator[Measured]:
    """Measure the work of the block."""
    import torch

    found = Measured()
    is_gpu = device.startswith("cuda")
    if is_gpu:
        torch.cuda.synchronize(device)
        torch.cuda.reset_peak_memory_stats(device)
    ends = threading.Event()
    sampler = threading.Thread(target=_sample, args=(found, ends, is_gpu), daemon=True)
    sampler.start()
    begun = time.perf_counter()
    try:
        yield found
        if is_gpu:
            torch.cuda.synchronize(device)
    finally:
        found.seconds = time.perf_counter() - begun
        ends.set()
        sampler.join()
        if is_gpu:
            found.peak_gib = torch.cuda.max_memory_reserved(device) / GIB


def _sample(found: Measured, ends: threading.Event, is_gpu: bool) -> None:
    """Ask the driver every now and then; the first GPU is the one that is measured."""
    if not is_gpu:
        return
    import pynvml

    pynvml.nvmlInit()
    handle = pynvml.nvmlDeviceGetHandleByIndex(0)
    while not ends.wait(SAMPLE_SECONDS):
        found.busy.append(pynvml.nvmlDeviceGetUtilizationRates(handle).gpu / 100)
        found.device_gib = max(found.device_gib, pynvml.nvmlDeviceGetMemoryInfo(handle).used / GIB)
