"""The keeper of a device worker: the lease it works under, and the models that it holds."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

from diorama.execute.devices import Grant, LeaseLost, Usage
from diorama.lease.meter import Meter, ProcessMeter, TorchMeter
from diorama.lease.page import holds
from diorama.lease.residency import Residency
from diorama.model import Model, Placement

T = TypeVar("T")


class DeviceKeeper:
    """Makes room for calls on one device, loads models for them, and measures what they take."""

    def __init__(self, meter: Meter, device: str) -> None:
        self.meter = meter
        self.residency = Residency(meter, device)
        self._grant = Grant("")

    def begin(self, grant: Grant) -> None:
        """Make room as the grant says; raises `LeaseLost` where the device is another's by now."""
        self._grant = grant
        self.check()
        residency = self.residency
        residency.budget, residency.call_bytes = grant.budget_bytes, grant.call_bytes
        residency.offload, residency.wanted = grant.offload, grant.wanted
        self.meter.bound(grant.budget_bytes)
        residency.restart(grant.is_alone)

    def hold(self, model: Model[T], wanted: Placement) -> AbstractContextManager[T]:
        """A model, loaded, for the length of a `with` block."""
        self.check()
        return self.residency.hold(model, wanted)

    def check(self) -> None:
        """See that the lease still holds, which takes 10 µs; raises `LeaseLost` where it does not."""
        lease = self._grant.lease
        if lease.ledger and not holds(Path(lease.ledger), lease.owner, lease.token):
            raise LeaseLost(f"the device {self._grant.device} was given to another while the call used it")

    def end(self) -> Usage:
        """What was used since `begin`."""
        is_spent = self.meter.is_spent()
        if is_spent:
            return Usage(is_spent=True)
        tally = self.residency.finish()
        return Usage(
            peak_bytes=tally.peak_bytes,
            call_bytes=tally.call_bytes,
            held_bytes=self.meter.held(),
            resident=self.residency.sizes,
            loads=tuple(tally.loads),
            evicted=tuple(tally.evicted),
        )


def keeper_for(device: str) -> DeviceKeeper:
    """The keeper of the device that torch calls so."""
    return DeviceKeeper(TorchMeter(device) if device.startswith("cuda") else ProcessMeter(), device)
