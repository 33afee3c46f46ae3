"""Devices as they are read: NVML over an invented driver, the CPU, the simulated one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping

import pytest
from tests.support.fake_nvml import GIB, FakeDriver, FakeGpu

from diorama.lease.cpu import Cpu
from diorama.lease.device import Gone, Memory, Reading
from diorama.lease.found import found_devices
from diorama.lease.simulated import OutOfMemoryError, SimulatedDevice

TELL = """
import json
import os
from dataclasses import asdict
from diorama.lease.device import Gone
from diorama.lease.found import found_devices

def told(device):
    try:
        return asdict(device.read())
    except Gone as error:
        return {"gone": str(error)}

devices, why = found_devices()
if "LOSE" in os.environ:
    open(os.environ["FAKE_NVML"], "w").close()
print(json.dumps([why, [
    {"name": one.name, "title": one.title, "identity": one.identity, "torch": one.place.torch,
     "environment": dict(one.place.environment), "reading": told(one), "mine": one.used_by(4711)}
    for one in devices]]))
"""

TWO = (FakeGpu("Invented A", "GPU-aaaa"), FakeGpu("Invented B", "GPU-bbbb", 8 * GIB, 7 * GIB, 93, 77, 4711, 2 * GIB))


def told(driver: FakeDriver, *gpus: FakeGpu, **environment: str) -> tuple[str, list[dict[str, object]]]:
    """What a child finds that runs on the invented driver."""
    driver.tell(gpus)
    child = subprocess.run(
        [sys.executable, "-c", TELL],
        env={**driver.environment, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    why, devices = json.loads(child.stdout)
    return why, devices


def test_the_real_pynvml_reports_two_invented_gpus(driver: FakeDriver) -> None:
    why, (first, second) = told(driver, *TWO)
    assert why == ""
    assert first == {
        "name": "gpu0",
        "title": "Invented A",
        "identity": "GPU-aaaa",
        "torch": "cuda:0",
        "environment": {"CUDA_DEVICE_ORDER": "PCI_BUS_ID", "CUDA_VISIBLE_DEVICES": "GPU-aaaa"},
        "reading": {"memory": {"total": 24 * GIB, "used": GIB}, "utilisation": 0.07, "celsius": 41.0},
        "mine": None,
    }
    assert (second["name"], second["identity"], second["mine"]) == ("gpu1", "GPU-bbbb", 2 * GIB)
    assert second["reading"] == {"memory": {"total": 8 * GIB, "used": 7 * GIB}, "utilisation": 0.93, "celsius": 77.0}


LACKING = {
    "memory": (FakeGpu(used=-1), {"memory": None, "utilisation": 0.07, "celsius": 41.0}),
    "utilisation": (FakeGpu(utilisation=-1), {"memory": {"total": 24 * GIB, "used": GIB}, "utilisation": None}),
    "temperature": (FakeGpu(celsius=-1), {"utilisation": 0.07, "celsius": None}),
    "all of them": (FakeGpu(used=-1, utilisation=-1, celsius=-1), {"memory": None, "utilisation": None}),
}


@pytest.mark.parametrize("case", LACKING.values(), ids=LACKING)
def test_what_the_driver_lacks_is_none(driver: FakeDriver, case: tuple[FakeGpu, Mapping[str, object]]) -> None:
    gpu, reads = case
    _, found = told(driver, TWO[0], gpu)
    reading = found[1]["reading"]
    assert isinstance(reading, dict)
    assert {name: reading.get(name) for name in reads} == reads
    assert isinstance(found[0]["reading"], dict)
    assert found[0]["reading"]["celsius"] == 41.0


def test_a_gpu_that_is_lost_leaves_the_others_alone(driver: FakeDriver) -> None:
    _, found = told(driver, FakeGpu(total=0), TWO[1])
    assert [(one["name"], one["identity"]) for one in found] == [("gpu1", "GPU-bbbb")]


def test_a_gpu_that_is_lost_later_is_gone(driver: FakeDriver) -> None:
    _, found = told(driver, *TWO, LOSE="1")
    assert [one["reading"] for one in found] == [{"gone": "GPU is lost"}] * 2


def test_a_driver_without_the_question_is_one_without_the_answer(old_driver: FakeDriver) -> None:
    _, (only,) = told(old_driver, TWO[0])
    assert only["reading"] == {"memory": {"total": 24 * GIB, "used": GIB}, "utilisation": 0.07, "celsius": None}


VISIBLE = {
    "by number": ("1", ["GPU-bbbb"]),
    "by the beginning of the identity": ("GPU-b", ["GPU-bbbb"]),
    "in the order that is wanted": ("1, 0", ["GPU-bbbb", "GPU-aaaa"]),
    "up to the first that names none": ("0,7,1", ["GPU-aaaa"]),
    "each once": ("0,0", ["GPU-aaaa"]),
    "none, so that the cpu is the device": ("", ["cpu"]),
}


@pytest.mark.parametrize("case", VISIBLE.values(), ids=VISIBLE)
def test_only_gpus_that_cuda_may_see_are_used(driver: FakeDriver, case: tuple[str, list[str]]) -> None:
    chosen, identities = case
    _, found = told(driver, *TWO, CUDA_VISIBLE_DEVICES=chosen)
    assert [one["identity"] for one in found] == identities


def test_without_a_driver_the_cpu_is_the_device_and_why_is_told() -> None:
    if os.path.exists("/dev/nvidia0"):
        pytest.skip("this machine has a GPU")
    devices, why = found_devices()
    assert [(one.name, one.is_gpu) for one in devices] == [("cpu", False)]
    assert why


def test_the_cpu_tells_its_memory_and_load() -> None:
    cpu = Cpu()
    reading = cpu.read()
    assert reading.memory is not None
    assert 0 < reading.memory.used < reading.memory.total
    assert reading.utilisation is not None
    assert 0.0 <= reading.utilisation <= 1.0
    assert reading.celsius is None
    assert cpu.title
    mine = cpu.used_by(os.getpid())
    assert mine is not None
    assert 10**6 < mine < reading.memory.total
    assert cpu.used_by(2**22 + 1) is None


@pytest.mark.parametrize(
    ("used", "level"), [(0, "green"), (69, "green"), (70, "yellow"), (85, "yellow"), (86, "red"), (100, "red")]
)
def test_the_bar_is_green_below_70_percent_and_red_above_85(used: int, level: str) -> None:
    assert Reading(Memory(100, used)).level == level


def test_a_bar_without_memory_has_no_colour() -> None:
    assert Reading().level is None
    assert Reading(Memory(0, 0)).level is None


def test_a_simulated_device_keeps_count_and_fails_at_will() -> None:
    device = SimulatedDevice("sim0", gib=8.0)
    device.memory.foreign = 2 * GIB
    device.memory.take("a", 3 * GIB)
    assert device.read().memory == Memory(8 * GIB, 5 * GIB)
    with pytest.raises(OutOfMemoryError, match=r"CUDA out of memory\. Tried to allocate 4\.00 GiB"):
        device.memory.take("b", 4 * GIB)
    device.memory.give("a", GIB)
    device.memory.failing = 1
    with pytest.raises(OutOfMemoryError):
        device.memory.take("b", 4 * GIB)
    device.memory.take("b", 4 * GIB)
    device.memory.drop("b")
    assert (device.memory.used, device.memory.most_used) == (4 * GIB, 8 * GIB)
    device.is_mute = True
    assert device.read() == Reading()
    device.is_gone = True
    with pytest.raises(Gone):
        device.read()
    assert SimulatedDevice(load_gib_per_second=2.0).load_seconds(3.0) == 1.5
