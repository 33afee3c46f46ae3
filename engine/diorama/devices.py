"""The GPUs of this machine, read through NVML."""

from __future__ import annotations

from dataclasses import dataclass

GIB = 2**30


@dataclass(frozen=True, slots=True)
class Gpu:
    """A GPU and its memory at this moment."""

    name: str
    total_gib: float
    free_gib: float


def gpus() -> tuple[list[Gpu], str]:
    """Every GPU that NVML tells of, and, where there is none, why."""
    import pynvml

    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError as error:
        return [], str(error)
    try:
        found: list[Gpu] = []
        for number in range(pynvml.nvmlDeviceGetCount()):
            handle = pynvml.nvmlDeviceGetHandleByIndex(number)
            memory = pynvml.nvmlDeviceGetMemoryInfo(handle)
            name = pynvml.nvmlDeviceGetName(handle)
            found.append(Gpu(str(name), memory.total / GIB, memory.free / GIB))
        return found, "NVML counts none"
    finally:
        pynvml.nvmlShutdown()
