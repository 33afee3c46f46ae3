"""Calls that need models: one worker a device, what it is granted, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from tests.support.calling import PLACE, Caller, calling
from tests.support.tally import TALLY, noted

from diorama.execute.call import LADDER, Call, Done, Failed, Progressed, Stopped, Waiting
from diorama.execute.devices import Choice, Devices, Ended, Grant, Refused, Served, Usage
from diorama.execute.pool import PoolOptions
from diorama.lease.cpu import Cpu
from diorama.lease.leases import Leases

OPTIONS = PoolOptions(catalogue=PLACE, cpu_workers=2)


@pytest.fixture
def tally(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(TALLY, str(tmp_path / "tally"))
    return tmp_path / "tally"


class TwoDevices:
    """Two devices that are both the processor, and all that was said about them."""

    keeper = "diorama.execute.plain_keeper:PlainKeeper"

    def __init__(self) -> None:
        self.heard: list[tuple[object, ...]] = []
        self.refused = ""
        self.taken_away: list[str] = []

    def served(self) -> Sequence[Served]:
        return (Served("left", environment={"SIDE": "left"}), Served("right", "cpu:0", {"SIDE": "right"}))

    def choose(self, waiting: Sequence[Waiting], free: Sequence[str]) -> Choice | None:
        if self.refused:
            return Choice(0, Refused("R009", self.refused))
        rung = LADDER[waiting[0].rung]
        return Choice(0, Grant(free[0], offload=rung.offload, is_alone=rung.is_alone)) if free else None

    def begin(self, call: Call, grant: Grant) -> None:
        self.heard.append(("begin", call.id, grant.device))

    def end(self, call: int, how: Ended, usage: Usage | None) -> None:
        self.heard.append(("end", call, how, usage is not None))

    def lost(self, device: str) -> None:
        self.heard.append(("lost", device))

    def tend(self) -> Sequence[str]:
        gone, self.taken_away = self.taken_away, []
        return gone

    def pause(self) -> float | None:
        return 0.05

    def close(self) -> None:
        self.heard.append(("close",))


@pytest.fixture
def devices() -> TwoDevices:
    return TwoDevices()


@pytest.fixture
def two(tmp_path: Path, tally: Path, devices: TwoDevices) -> Iterator[Caller]:
    with calling(tmp_path / "store", OPTIONS, devices) as made:
        yield made


def pid_of(answer: object) -> int:
    return int(str(answer).split()[-1])


ONE_DEVICE: Mapping[str, Callable[[], Devices | None]] = {
    "without devices": lambda: None,
    "with the leases of a machine": lambda: Leases([Cpu()]),
}


@pytest.mark.parametrize("devices_of", ONE_DEVICE.values(), ids=ONE_DEVICE.keys())
def test_calls_that_need_models_have_one_worker_that_keeps_the_model(
    tmp_path: Path, tally: Path, devices_of: Callable[[], Devices | None]
) -> None:
    with calling(tmp_path / "store", OPTIONS, devices_of()) as caller:
        first = pid_of(caller.value("with_first", x=1))
        assert pid_of(caller.value("with_first", x=2)) == first
        assert noted(tally) == ["load-first-cpu-none"]
        assert pid_of(caller.value("with_second", x=1)) == first
        assert caller.value("worker_id", x=1) != first
        views = {(view.lane, view.device, view.calls) for view in caller.executor.workers()}
        assert views == {("device", "cpu", 3), ("cpu", "", 1)}
        failed = caller.failed("dies_with_first", x=1)
        assert (failed.code, failed.cause) == ("R010", "crash")
        assert pid_of(caller.value("with_first", x=3)) != first


def test_a_device_takes_one_call_at_a_time(two: Caller, devices: TwoDevices) -> None:
    calls = [two.start("held_for_ever", x=number) for number in range(2)]
    two.until(lambda: all(two.of(call) for call in calls))
    entry = two.entry("with_first")
    assert two.executor.choose("device", [Waiting(entry, [{}], 0, 0.0, 0.0)]) is None
    two.executor.cancel(calls[0])
    assert two.end_of(calls[0]) == Stopped(calls[0])
    assert isinstance(two.call("with_first", x=1), Done)
    two.executor.cancel(calls[1])
    assert two.end_of(calls[1]) == Stopped(calls[1])
    begun = [what[2] for what in devices.heard if what[0] == "begin"]
    assert begun == ["left", "right", "left"]


def test_what_becomes_of_a_call_is_told_before_its_device_is_free(two: Caller, devices: TwoDevices) -> None:
    for node in ("with_first", "too_large", "dies_with_first"):
        two.call(node, x=1)
    told = [what for what in devices.heard if what[0] != "begin"]
    assert told == [("end", 1, "done", True), ("end", 2, "memory", True), ("end", 3, "died", False), ("lost", "left")]


def test_a_call_that_is_given_up_frees_its_device_when_its_worker_is_dead(two: Caller, devices: TwoDevices) -> None:
    call = two.start("held_for_ever", x=1)
    two.until(lambda: any(isinstance(one, Progressed) for one in two.of(call)))
    two.executor.abandon(call)
    assert ("end", call, "died", False) not in devices.heard
    assert two.executor.pool.free_devices() == ["right"]
    two.until(lambda: ("lost", "left") in devices.heard)
    assert devices.heard[-2:] == [("end", call, "died", False), ("lost", "left")]
    assert two.executor.pool.free_devices() == ["left", "right"]


def test_a_call_that_is_refused_fails_with_the_sentence(two: Caller, devices: TwoDevices) -> None:
    devices.refused = "there is too little memory"
    failed = two.failed("with_first", x=1)
    assert (failed.code, failed.message, failed.is_final) == ("R009", "there is too little memory", True)
    assert not devices.heard
    assert not two.pids()


def test_the_worker_of_a_device_that_was_taken_away_is_ended(two: Caller, devices: TwoDevices) -> None:
    call = two.start("held_for_ever", x=1)
    two.until(lambda: any(isinstance(one, Progressed) for one in two.of(call)))
    devices.taken_away = ["left"]
    failed = two.end_of(call)
    assert isinstance(failed, Failed)
    assert "the device was given to another" in failed.message
    assert failed.cause == "crash"


def test_each_rung_of_the_ladder_reaches_the_model(two: Caller, tally: Path) -> None:
    for rung in range(len(LADDER)):
        two.end_of(two.start_batch("too_large", [{"x": 1}], rung))
    loads = [line for line in noted(tally) if line.startswith("load")]
    offloads = ["none", "none", "model", "sequential"]
    assert loads == [f"load-first-cpu-{offload}" for offload in offloads]
