"""The devices that calls run on, as a server shows them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from diorama.lease.found import found_devices
from diorama.lease.leases import Leases
from diorama.lease.view import DeviceView
from diorama.run.service import Service


def device_views(service: Service) -> Sequence[DeviceView]:
    """The devices that a service shares out; those of this machine, unshared, where it shares out none."""
    return (service.devices or _unshared()).views()


@cache
def _unshared() -> Leases:
    """The devices of this machine for looking at alone: nothing is ever leased from here."""
    return Leases(found_devices()[0])
