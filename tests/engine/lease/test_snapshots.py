from __future__ import annotations

from diorama.lease.device import WARNING
from diorama.lease.simulated import SimulatedDevice
from diorama.lease.snapshots import Snapshots

GIB = 2**30


class Watched:
    def __init__(self, *devices: SimulatedDevice, kept: int = 3) -> None:
        self.now = 0.0
        self.snapshots = Snapshots(devices, clock=lambda: self.now, wall=lambda: 1e9 + self.now, seconds=2.0, kept=kept)

    def after(self, seconds: float) -> list[tuple[str, str | None, bool]]:
        self.now += seconds
        return [(one.device, one.level, one.is_new_warning) for one in self.snapshots.due()]


def test_devices_are_read_on_an_interval() -> None:
    watched = Watched(SimulatedDevice("sim0"), SimulatedDevice("sim1"))
    assert watched.after(0.0) == [("sim0", "green", False), ("sim1", "green", False)]
    assert watched.after(1.9) == []
    assert watched.snapshots.next_in() < 0.2
    assert len(watched.after(0.1)) == 2
    assert watched.snapshots.next_in() == 2.0
    assert len(watched.after(7.0)) == 2, "what was missed is not made up for"


def test_the_latest_are_kept() -> None:
    device = SimulatedDevice()
    watched = Watched(device, kept=3)
    assert watched.snapshots.latest("sim0") is None
    for used in range(5):
        device.memory.foreign = used
        watched.after(2.0)
    kept = watched.snapshots.history("sim0")
    assert [one.reading.memory.used for one in kept if one.reading.memory] == [2, 3, 4]
    assert watched.snapshots.latest("sim0") == kept[-1]
    assert kept[-1].at == 1e9 + 10.0


def test_a_warning_is_new_when_the_bar_changes_for_the_worse() -> None:
    device = SimulatedDevice(gib=100.0)
    watched = Watched(device)
    told = []
    for percent in (10, 70, 80, 86, 90, 80, 10, 95):
        device.memory.foreign = percent * GIB
        ((_, level, is_new),) = watched.after(2.0)
        told.append((level, is_new))
    assert told == [
        ("green", False),
        ("yellow", True),
        ("yellow", False),
        ("red", True),
        ("red", False),
        ("yellow", False),
        ("green", False),
        ("red", True),
    ]
    latest = watched.snapshots.latest("sim0")
    assert latest is not None
    assert latest.warning == WARNING == "VRAM usage high. Close other GPU applications."


def test_a_device_that_vanishes_is_told_and_the_others_are_read_on() -> None:
    first, second = SimulatedDevice("sim0"), SimulatedDevice("sim1")
    watched = Watched(first, second)
    first.is_gone = True
    assert watched.after(0.0) == [("sim0", None, True), ("sim1", "green", False)]
    latest = watched.snapshots.latest("sim0")
    assert latest is not None
    assert latest.warning == "the device no longer answers: GPU is lost"
    first.is_gone = False
    assert watched.after(2.0)[0] == ("sim0", "green", False)


def test_a_driver_that_tells_nothing_warns_of_nothing() -> None:
    device = SimulatedDevice()
    device.is_mute = True
    assert Watched(device).after(0.0) == [("sim0", None, False)]
