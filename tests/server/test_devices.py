"""Devices over HTTP and as events: memory, levels, warnings, models, leases, and the refusal when they are full."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.support.device_nodes import BookedDevice, catalogue
from tests.support.served import Serving, Told, serving
from tests.support.services import waited_for
from tests.support.tally import TALLY, noted

from diorama.cli.runs import show_devices
from diorama.execute.pool import PoolOptions
from diorama.execute.processes import ProcessExecutor
from diorama.execute.transport import Transport
from diorama.graph import Constant, Graph, GraphNode, Wire
from diorama.lease.device import GIB, WARNING
from diorama.lease.leases import Leases
from diorama.run.service import Service
from diorama.store.calls import CallStore


@dataclass
class Studio:
    """A server with one simulated GPU of 16 GiB."""

    serving: Serving
    device: BookedDevice
    tally: Path

    def devices(self) -> list[Told]:
        items: list[Told] = self.serving.client.get("/api/v1/devices").json()["items"]
        return items


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.setenv(TALLY, str(tmp_path / "tally"))
    device = BookedDevice(tmp_path / "book")
    leases = Leases([device], folder=tmp_path, keeper="tests.support.device_nodes:keeper")
    store = CallStore(tmp_path / "store")
    options = PoolOptions(catalogue="tests.support.device_nodes:catalogue", cpu_workers=1)
    executor = ProcessExecutor(Transport(store.blobs), devices=leases, options=options)
    with Service(store, catalogue=catalogue(), executor=executor, devices=leases) as service, serving(service) as one:
        yield Studio(one, device, tmp_path / "tally")


def graph(node: str, **inputs: float) -> Graph:
    made = GraphNode(f"d/{node}", {name: Constant(value) for name, value in inputs.items()})
    return Graph(nodes={"a": made}, results={"a": Wire("a", "value")})


def test_a_device_is_shown_with_what_it_holds_and_makes(studio: Studio, capsys: pytest.CaptureFixture[str]) -> None:
    (device,) = studio.devices()
    assert device == {
        "name": "sim0",
        "title": "Simulated GPU",
        "is_gpu": True,
        "total_bytes": 16 * GIB,
        "used_bytes": 0,
        "free_bytes": 16 * GIB,
        "utilisation": 0.0,
        "celsius": 40.0,
        "level": "green",
        "warning": "",
        "resident": {},
        "lease": None,
        "loads": 0,
        "evictions": 0,
        "swaps": 0,
    }
    run = studio.serving.submit(graph("patient", x=1, seconds=30.0))
    waited_for(lambda: bool(noted(studio.tally)))
    (device,) = studio.devices()
    assert (device["lease"]["node"], device["lease"]["token"]) == ("d/patient", 1)
    studio.serving.client.post(f"/api/v1/runs/{run['id']}/cancel")
    waited_for(lambda: studio.devices()[0]["lease"] is None)
    studio.serving.ended(graph("painted", x=1))
    (device,) = studio.devices()
    assert (device["resident"], device["level"]) == ({"painter": 6 * GIB}, "green")
    studio.device.memory.foreign = 8 * GIB
    show_devices(studio.serving.address, None, as_json=False)
    shown = capsys.readouterr().out
    assert shown == f"sim0 (Simulated GPU): 15.0 GB of 17.2 GB used (88%), holds painter  {WARNING}\n"


def test_snapshots_and_warnings_are_told(studio: Studio) -> None:
    with studio.serving.ear() as ear:
        ear.say(kind="subscribe", topic="devices")
        first = ear.events(lambda event: event["kind"] == "device_snapshot")[-1]
        assert (first["device"], first["total_bytes"], first["level"]) == ("sim0", 16 * GIB, "green")
        studio.device.memory.foreign = 12 * GIB
        *_, warned = ear.events(lambda event: event["kind"] == "warning")
        assert (warned["about"], warned["message"]) == ("sim0", WARNING)


def test_a_run_is_refused_while_every_gpu_is_short_of_memory(studio: Studio) -> None:
    made = studio.serving.ended(graph("painted", x=1))
    assert made["state"] == "succeeded"
    studio.device.memory.foreign = 13 * GIB
    refused = studio.serving.client.post("/api/v1/runs", json={"graph": graph("painted", x=2).document()})
    assert refused.status_code == 503
    (fault,) = refused.json()["faults"]
    assert (fault["code"], fault["at"]) == ("R012", "sim0")
    assert fault["message"].startswith("Simulated GPU (sim0) has 3.0 of 16.0 GiB of memory free, but")
    assert studio.serving.ended(graph("painted", x=1))["state"] == "succeeded", "it has no call to make"
    studio.device.memory.foreign = 0
    assert studio.serving.ended(graph("painted", x=2))["state"] == "succeeded"


def test_a_server_that_shares_out_no_device_shows_those_of_its_machine(served: Serving) -> None:
    items = served.client.get("/api/v1/devices").json()["items"]
    assert items
    assert all(device["total_bytes"] > device["used_bytes"] > 0 and device["lease"] is None for device in items)
