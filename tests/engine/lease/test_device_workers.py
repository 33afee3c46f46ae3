"""Leases over real worker processes: the ladder of memory, workers that die, devices that are taken, two GPUs."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from tests.support.device_nodes import BookedDevice, booked, catalogue
from tests.support.fake_nvml import FakeDriver, FakeGpu
from tests.support.tally import TALLY, noted

from diorama.execute.pool import PoolOptions
from diorama.execute.processes import ProcessExecutor
from diorama.graph import Graph, read_graph
from diorama.lease.device import GIB
from diorama.lease.leases import Leases
from diorama.lease.ledger import Ledger
from diorama.lease.owner import this_process
from diorama.lease.peaks import Peaks
from diorama.lease.stand import LINGER_SECONDS
from diorama.session import Result, Session

NODES = "tests.support.device_nodes:catalogue"
KEEPER = "tests.support.device_nodes:keeper"
LONG_SECONDS = 60.0


@pytest.fixture
def tally(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "tally"
    monkeypatch.setenv(TALLY, str(path))
    return path


def document(nodes: Mapping[str, object]) -> Graph:
    written = {"format": 1, "nodes": nodes, "results": {name: f"{name}.value" for name in nodes}}
    return read_graph(json.dumps(written).encode())


def one(type_: str, **inputs: object) -> dict[str, object]:
    return {"type": f"d/{type_}", "inputs": inputs}


class Bench:
    """A session whose devices are simulated and whose workers are not."""

    def __init__(self, folder: Path, devices: int = 1, name: str = "store") -> None:
        self.folder = folder
        self.devices = [BookedDevice(folder / "book", f"sim{number}") for number in range(devices)]
        self.leases = Leases(self.devices, folder=self._runtime(), keeper=KEEPER)
        self.session = Session(folder / name, catalogue=catalogue(), executor=lambda transport: self._made(transport))

    def _runtime(self) -> Path:
        folder = self.folder / "runtime"
        folder.mkdir(exist_ok=True)
        return folder

    def _made(self, transport: object) -> ProcessExecutor:
        options = PoolOptions(catalogue=NODES, cpu_workers=1)
        self.executor = ProcessExecutor(transport, devices=self.leases, options=options)  # type: ignore[arg-type]
        return self.executor

    def run(self, **nodes: object) -> Result:
        result = self.session.run(document(nodes))
        # A server goes on to wait for runs, and so lets go of what it does not use.
        self.executor.wait(2 * LINGER_SECONDS)
        return result

    def results(self, **nodes: object) -> dict[str, object]:
        result = self.run(**nodes)
        assert result.state == "succeeded", (result.faults, result.tracebacks)
        return {name: result[name] for name in result.outputs}


@contextmanager
def bench(folder: Path, devices: int = 1, name: str = "store") -> Iterator[Bench]:
    made = Bench(folder, devices, name)
    try:
        yield made
    finally:
        made.session.close()


def within(holds: Callable[[], bool], seconds: float = LONG_SECONDS) -> None:
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit, "it never came to hold"
        Event().wait(0.01)


def test_a_model_stays_with_its_worker_for_the_next_call_and_the_next_run(tmp_path: Path, tally: Path) -> None:
    with bench(tmp_path) as made:
        assert made.results(a=one("painted", x=1), b=one("painted", x=2)) == {"a": 2, "b": 3}
        made.results(c=one("painted", x=3))
        assert noted(tally) == ["paint-1", "load-painter-none", "paint-1", "paint-1"]
        (view,) = made.leases.views()
        assert (view.resident, view.loads, view.used_bytes) == ({"painter": 6 * GIB}, 1, 6 * GIB)
    assert booked(made.devices[0].book) == 0


def test_out_of_memory_is_met_step_by_step(tmp_path: Path, tally: Path) -> None:
    with bench(tmp_path) as made:
        items = {"x": [1, 2, 3, 4], "gib": 4.0}
        batch = {"type": "d/painted", "for_each": ["x"], "inputs": items}
        assert made.results(a=one("written", x=1), b=batch) == {"a": 2, "b": [2, 3, 4, 5]}
        # Four items do not fit, nor beside no other model; two do.
        assert [line for line in noted(tally) if line.startswith("paint-")] == [
            "paint-4",
            "paint-4",
            "paint-2",
            "paint-2",
        ]
        assert made.leases.views()[0].resident == {"painter": 6 * GIB}


def test_a_single_call_that_does_not_fit_is_made_with_its_model_offloaded(tmp_path: Path, tally: Path) -> None:
    with bench(tmp_path) as made:
        assert made.results(a=one("painted", x=1, gib=11.0)) == {"a": 2}
        assert noted(tally) == [
            *["paint-1", "load-painter-none"],
            *["paint-1", "load-painter-none"],
            *["paint-1", "load-painter-model"],
        ]


def test_what_fits_in_no_way_fails_with_what_was_tried_and_the_server_stays(tmp_path: Path, tally: Path) -> None:
    with bench(tmp_path) as made:
        result = made.run(a=one("painted", x=1, gib=40.0), b=one("written", x=1))
        assert result.state == "failed"
        (fault,) = result.faults
        assert (fault.code, fault.at) == ("R009", "a")
        assert fault.message == (
            "the call ran out of memory: OutOfMemoryError: CUDA out of memory. Tried to allocate 40.00 GiB. GPU 0 has "
            "a total capacity of 16.00 GiB of which 15.25 GiB is free; 0.8 of 15.0 GiB in use at most; tried as it is, "
            "after other models had gone, with its models on the device part by part, "
            "with its models on the device layer by layer"
        )
        assert result["b"] == 2
        loads = [line for line in noted(tally) if line.startswith("load-painter")]
        assert loads == ["load-painter-none", "load-painter-none", "load-painter-model", "load-painter-sequential"]
        assert made.results(c=one("painted", x=5)) == {"c": 6}


def test_the_lease_of_a_worker_that_dies_is_released_and_others_go_on(tmp_path: Path, tally: Path) -> None:
    with bench(tmp_path) as made:
        result = made.run(a=one("dying", x=1), b=one("painted", x=1))
        assert [(fault.code, fault.at) for fault in result.faults] == [("R010", "a")]
        assert result["b"] == 2
        assert len([line for line in noted(tally) if line.startswith("dying")]) == 2
        ledger = made.leases.stands["sim0"].ledger
        assert ledger is not None
        assert ledger.page().token >= 2, "each worker had a lease of its own"


def test_what_calls_took_is_remembered_in_the_store(tmp_path: Path, tally: Path) -> None:
    for _ in range(2):
        made = Bench(tmp_path)
        made.leases.peaks = Peaks(made.session.store)
        known = made.leases.peaks.peak("d/painted", "gpu none 1.000")
        made.results(a=one("painted", x=1, gib=3.0))
        made.session.executor.close()
        made.session.close()
    assert known == 3 * GIB


def test_two_devices_work_at_once(tmp_path: Path, tally: Path) -> None:
    with bench(tmp_path, devices=2) as made:
        results = made.results(a=one("patient", x=1, seconds=1.0), b=one("patient", x=2, seconds=1.0))
        assert len(set(results.values())) == 2
        assert [view.loads for view in made.leases.views()] == [1, 1]


def test_a_device_that_is_taken_stops_its_call_at_the_next_progress(tmp_path: Path, tally: Path) -> None:
    with bench(tmp_path) as made:
        # As if this server had been stopped: another buries it, takes the device, and lets it go again.
        thief = Ledger(made.leases.stands["sim0"].ledger.path, this_process(), sight=lambda owner: "dead")  # type: ignore[union-attr]

        def steal() -> None:
            within(lambda: len(noted(tally)) >= 1)
            within(lambda: thief.take() is not None)
            within(lambda: len(noted(tally)) >= 1 and thief.release())

        thread = Thread(target=steal)
        thread.start()
        results = made.results(a=one("patient", x=1, seconds=1.5))
        thread.join(LONG_SECONDS)
        workers = [line for line in noted(tally) if line.startswith("patient")]
        assert len(workers) == 2, "it was made again"
        assert workers[-1] == f"patient-{results['a']}"


def test_two_servers_of_one_machine_share_a_device(tmp_path: Path, tally: Path) -> None:
    with bench(tmp_path, name="first") as first, bench(tmp_path, name="second") as second:
        results: dict[str, object] = {}
        threads = [
            Thread(
                target=lambda name=name, made=made: results.update({name: made.results(a=one("written", x=1, gib=2.0))})
            )
            for name, made in (("first", first), ("second", second))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(LONG_SECONDS)
        assert results == {"first": {"a": 2}, "second": {"a": 2}}


def test_an_idle_server_lets_go_of_its_models_when_another_needs_the_room(tmp_path: Path, tally: Path) -> None:
    with bench(tmp_path, name="first") as first, bench(tmp_path, name="second") as second:
        first.results(a=one("painted", x=1))
        assert booked(first.devices[0].book) == 6 * GIB
        is_over = Event()

        def rest() -> None:
            while not is_over.is_set():
                first.session.executor.wait(0.1)

        thread = Thread(target=rest)
        thread.start()
        # 16 GiB, less one in reserve and 6 of the other: 6 for the model and 4 for the call do not fit.
        second.devices[0].memory.foreign = 0
        second.leases.peaks.measured("d/painted", "gpu none 1.000", 4 * GIB)
        assert second.results(a=one("painted", x=7, gib=4.0)) == {"a": 8}
        is_over.set()
        thread.join(LONG_SECONDS)
        assert booked(first.devices[0].book) == 6 * GIB
        assert first.leases.views()[0].resident == {}
        assert len(noted(tally)) == 4


TWO_GPUS = """
import json, sys
from pathlib import Path
from diorama.execute.pool import PoolOptions
from diorama.execute.processes import ProcessExecutor
from diorama.lease.found import machine_leases
from diorama.session import Session
from tests.engine.lease.test_device_workers import NODES, document, one
from tests.support.device_nodes import catalogue

leases = machine_leases()
options = PoolOptions(catalogue=NODES, cpu_workers=1)
with Session(Path(sys.argv[1]), catalogue=catalogue(),
             executor=lambda transport: ProcessExecutor(transport, devices=leases, options=options)) as session:
    result = session.run(document({"a": one("visible", x=1), "b": one("visible", x=2)}))
    views = leases.views()
    print(json.dumps([result.state, [str(fault) for fault in result.faults],
                      sorted(str(result[name]) for name in result.outputs),
                      [[view.title, view.level, view.warning, view.total_bytes] for view in views]]))
"""


def test_two_invented_gpus_are_used_by_two_workers(driver: FakeDriver, tmp_path: Path) -> None:
    driver.tell([FakeGpu("Invented A", "GPU-aaaa"), FakeGpu("Invented B", "GPU-bbbb", used=20 * GIB)])
    said = _on(driver, tmp_path)
    assert said == [
        "succeeded",
        [],
        ["GPU-aaaa", "GPU-bbbb"],
        [
            ["Invented A", "green", "", 24 * GIB],
            ["Invented B", "yellow", "VRAM usage high. Close other GPU applications.", 24 * GIB],
        ],
    ]


def test_where_every_gpu_is_full_a_run_is_told_so(driver: FakeDriver, tmp_path: Path) -> None:
    driver.tell([FakeGpu("Invented A", "GPU-aaaa", used=22 * GIB)])
    state, faults, _, _ = _on(driver, tmp_path)
    assert state == "failed"
    assert isinstance(faults, list)
    assert faults[0] == (
        "R012 a: Invented A (gpu0) has 2.0 of 24.0 GiB of memory free, but a call is started with at least 4 GiB: "
        "close other programs that use the GPU, then run it again"
    )


def _on(driver: FakeDriver, folder: Path) -> list[object]:
    environment = {**driver.environment, "DIORAMA_RUNTIME": str(folder / "runtime")}
    environment.pop("CUDA_VISIBLE_DEVICES", None)
    child = subprocess.run(
        [sys.executable, "-c", TWO_GPUS, str(folder / "store")],
        cwd=Path(__file__).parents[3],
        env=environment,
        capture_output=True,
        text=True,
        timeout=LONG_SECONDS,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    read: list[object] = json.loads(child.stdout)
    return read
