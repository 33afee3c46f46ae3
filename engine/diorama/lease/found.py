"""The devices of this machine, and how a server shares them out."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from diorama.faults import failure
from diorama.lease.cpu import Cpu
from diorama.lease.device import Device
from diorama.lease.leases import Leases
from diorama.lease.nvml import gpus
from diorama.lease.peaks import Peaks
from diorama.lease.runtime import runtime_folder
from diorama.store.calls import CallStore

VARIABLE = "DIORAMA_DEVICE"


def found_devices(environment: Mapping[str, str] = os.environ) -> tuple[Sequence[Device], str]:
    """The GPUs, or the CPU where there is none, and then why there is none.

    `DIORAMA_DEVICE=cpu` leaves GPUs alone; raises `DioramaError` (C001) for any other value than `cpu` and `gpu`.
    """
    chosen = environment.get(VARIABLE, "gpu")
    if chosen not in ("gpu", "cpu"):
        raise failure("C001", VARIABLE, f"{chosen!r:.100} is given, but gpu or cpu is wanted")
    if chosen == "cpu":
        return [Cpu()], f"{VARIABLE} is cpu"
    found, why_none = gpus(environment)
    return (found, "") if found else ([Cpu()], why_none)


def machine_leases(store: CallStore | None = None) -> Leases:
    """The devices of this machine, shared with every other server on it.

    What calls take is remembered in the store. Raises `DioramaError` (C001) where the folder in which servers tell
    each other what they use cannot be had.
    """
    devices, _ = found_devices()
    return Leases(devices, folder=runtime_folder(), peaks=Peaks(store))
