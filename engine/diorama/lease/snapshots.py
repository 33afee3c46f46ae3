"""What devices tell over time: read on an interval, the latest kept in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final

from diorama.lease.device import WARNING, Device, Gone, Level, Reading

INTERVAL_SECONDS: Final = 2.0
KEPT: Final = 300
"""Snapshots of each device that are kept: ten minutes."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A device at a moment; what its driver does not tell is None."""

    at: float
    """Seconds since the epoch."""
    device: str
    title: str
    reading: Reading
    level: Level | None
    warning: str
    """What a user should know; empty where there is nothing."""
    is_new_warning: bool = False
    """Whether the snapshot before it had none, or a milder one."""


class Snapshots:
    """Reads devices on an interval. Any thread may ask."""

    def __init__(
        self,
        devices: Sequence[Device],
        *,
        clock: Callable[[], float],
        wall: Callable[[], float],
        seconds: float = INTERVAL_SECONDS,
        kept: int = KEPT,
    ) -> None:
        self.devices = devices
        self.clock = clock
        self.wall = wall
        self.seconds = seconds
        self._lock = Lock()
        self._kept: dict[str, deque[Snapshot]] = {device.name: deque(maxlen=kept) for device in devices}
        self._next = clock()

    def due(self) -> list[Snapshot]:
        """A new snapshot of each device where the interval is over, nothing where it is not."""
        with self._lock:
            now = self.clock()
            if now < self._next:
                return []
            self._next = now + self.seconds
            return [self._taken(device) for device in self.devices]

    def next_in(self) -> float:
        """Seconds until `due` gives something."""
        return max(self._next - self.clock(), 0.0)

    def _taken(self, device: Device) -> Snapshot:
        kept = self._kept[device.name]
        before = kept[-1].level if kept else None
        try:
            reading, why = device.read(), ""
        except Gone as error:
            reading, why = Reading(), f"the device no longer answers: {error}"
        warning = why or warning_of(device, reading)
        is_new = bool(warning) and (not kept or not kept[-1].warning or (before, reading.level) == ("yellow", "red"))
        snapshot = Snapshot(self.wall(), device.name, device.title, reading, reading.level, warning, is_new)
        kept.append(snapshot)
        return snapshot

    def latest(self, device: str) -> Snapshot | None:
        """The newest snapshot of a device, None before there is one."""
        with self._lock:
            kept = self._kept[device]
            return kept[-1] if kept else None

    def history(self, device: str) -> Sequence[Snapshot]:
        """The snapshots that are kept of a device, the oldest first."""
        with self._lock:
            return tuple(self._kept[device])


def warning_of(device: Device, reading: Reading) -> str:
    """What is told of a GPU whose memory is mostly in use."""
    return WARNING if device.is_gpu and reading.level in ("yellow", "red") else ""
