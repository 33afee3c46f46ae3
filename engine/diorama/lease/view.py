"""A device as it is shown: its memory, who uses it, what lies on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from diorama.lease.device import Gone, Level, Reading
from diorama.lease.snapshots import warning_of
from diorama.lease.stand import Stand


@dataclass(frozen=True, slots=True)
class LeaseView:
    """The call that uses a device, and under which lease."""

    call: int
    node: str
    token: int
    budget_bytes: int
    """Memory that it may take with its models; 0 where nothing bounds it."""
    since: float
    """Seconds since it began when this was shown."""


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A device as it stands; what its driver does not tell is None."""

    name: str
    title: str
    is_gpu: bool
    total_bytes: int | None
    used_bytes: int | None
    free_bytes: int | None
    utilisation: float | None
    """Share of the time in which it computed, from 0 to 1."""
    celsius: float | None
    level: Level | None
    warning: str
    resident: Mapping[str, int]
    """Models on it, with the bytes of each."""
    lease: LeaseView | None
    loads: int
    """Models loaded since the server started."""
    evictions: int
    swaps: int
    """How often a model had to go for another."""


def view_of(stand: Stand, now: float) -> DeviceView:
    """A device as it stands now; what it tells is read anew."""
    try:
        reading, why = stand.device.read(), stand.why_gone
    except Gone as error:
        reading, why = Reading(), str(error)
    memory = reading.memory
    return DeviceView(
        name=stand.device.name,
        title=stand.device.title,
        is_gpu=stand.device.is_gpu,
        total_bytes=memory.total if memory else None,
        used_bytes=memory.used if memory else None,
        free_bytes=memory.free if memory else None,
        utilisation=reading.utilisation,
        celsius=reading.celsius,
        level=reading.level,
        warning=f"the device no longer answers: {why}" if why else warning_of(stand.device, reading),
        resident=dict(stand.resident),
        lease=_lease_view(stand, now),
        loads=stand.loads,
        evictions=stand.evictions,
        swaps=stand.swaps,
    )


def _lease_view(stand: Stand, now: float) -> LeaseView | None:
    call = stand.call
    if call is None:
        return None
    return LeaseView(call.call, call.need.node, stand.token, call.grant.budget_bytes, now - call.since)
