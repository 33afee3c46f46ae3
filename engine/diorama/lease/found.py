"""The devices of this machine."""

from __future__ import annotations

from collections.abc import Sequence

from diorama.lease.cpu import Cpu
from diorama.lease.device import Device
from diorama.lease.nvml import gpus


def found_devices() -> tuple[Sequence[Device], str]:
    """The GPUs, or the CPU where there is none, and then why there is none."""
    found, why_none = gpus()
    return (found, "") if found else ([Cpu()], why_none)
