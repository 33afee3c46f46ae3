"""GPUs read through NVML. Every metric is optional: what a driver lacks is None."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any, Final

from diorama.lease.device import Gone, Memory, Place, Reading

LOST: Final = ("NVMLError_GpuIsLost", "NVMLError_Uninitialized")
"""What NVML raises for a GPU that fell off the bus, or once its driver is gone."""


class NvidiaGpu:
    """One GPU; `handle` is NVML's."""

    is_gpu = True

    def __init__(self, nvml: ModuleType, handle: Any, number: int) -> None:
        self._nvml = nvml
        self._handle = handle
        self.name = f"gpu{number}"
        self.title = _text(self._asked(nvml.nvmlDeviceGetName)) or f"GPU {number}"
        uuid = _text(self._asked(nvml.nvmlDeviceGetUUID))
        self.identity = uuid or f"nvidia-{number}"
        # Indices of CUDA and of NVML agree only in the order of the bus; an identity is the same for both.
        visible = uuid if uuid.startswith("GPU-") else str(number)
        self.place = Place("cuda:0", {"CUDA_DEVICE_ORDER": "PCI_BUS_ID", "CUDA_VISIBLE_DEVICES": visible})

    def read(self) -> Reading:
        """Memory, utilisation and temperature, as far as the driver tells; raises `Gone` for a lost GPU."""
        nvml = self._nvml
        memory = self._asked(nvml.nvmlDeviceGetMemoryInfo)
        rates = self._asked(nvml.nvmlDeviceGetUtilizationRates)
        celsius = self._asked(nvml.nvmlDeviceGetTemperature, nvml.NVML_TEMPERATURE_GPU)
        return Reading(
            Memory(int(memory.total), int(memory.used)) if memory is not None else None,
            rates.gpu / 100 if rates is not None else None,
            float(celsius) if celsius is not None else None,
        )

    def used_by(self, pid: int) -> int | None:
        """Bytes of a process, None where the driver does not tell them (containers, WSL)."""
        try:
            running = self._asked(self._nvml.nvmlDeviceGetComputeRunningProcesses)
        except Gone:
            return None
        for one in running or ():
            if one.pid == pid and one.usedGpuMemory is not None:
                return int(one.usedGpuMemory)
        return None

    def _asked(self, question: Callable[..., Any], *rest: object) -> Any:
        """What NVML answers, None where it does not know the answer or the question."""
        try:
            return question(self._handle, *rest)
        except self._nvml.NVMLError as error:
            if type(error).__name__ in LOST:
                raise Gone(str(error)) from error
            return None


def gpus(environment: Mapping[str, str] = os.environ) -> tuple[list[NvidiaGpu], str]:
    """The GPUs that NVML tells of and that CUDA may use, and, where there is none, why.

    NVML stays open for the life of the process: its handles are read again and again.
    """
    import pynvml

    try:
        pynvml.nvmlInit()
        found: list[NvidiaGpu] = []
        for number in range(pynvml.nvmlDeviceGetCount()):
            gpu = _gpu(pynvml, number)
            if gpu is not None:
                found.append(gpu)
    except pynvml.NVMLError as error:
        return [], str(error)
    return _visible(found, environment.get("CUDA_VISIBLE_DEVICES"))


def _gpu(nvml: Any, number: int) -> NvidiaGpu | None:
    """A GPU, None for one that is lost or not ours to see: the others are used all the same."""
    try:
        return NvidiaGpu(nvml, nvml.nvmlDeviceGetHandleByIndex(number), number)
    except (nvml.NVMLError, Gone):
        return None


def _visible(found: Sequence[NvidiaGpu], chosen: str | None) -> tuple[list[NvidiaGpu], str]:
    """Those that `CUDA_VISIBLE_DEVICES` lets a program see: by number or by the beginning of their identity."""
    if chosen is None:
        return list(found), "NVML counts none"
    seen: list[NvidiaGpu] = []
    for word in (word.strip() for word in chosen.split(",")):
        named = [gpu for gpu in found if word and (gpu.name == f"gpu{word}" or gpu.identity.startswith(word))]
        if not named:
            # As CUDA reads it: what comes after the first word that names nothing is not seen either.
            break
        seen.extend(gpu for gpu in named[:1] if gpu not in seen)
    return seen, f"CUDA_VISIBLE_DEVICES is {chosen!r}, which names none"


def _text(answer: object) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer or "")


def own_bytes(visible: str, pid: int) -> int | None:
    """Bytes of a process on the only GPU that it may see, None where NVML does not tell."""
    found, _ = gpus({"CUDA_VISIBLE_DEVICES": visible})
    return found[0].used_by(pid) if found else None
