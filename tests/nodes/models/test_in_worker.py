"""Models in a real worker process, under the lease: what a server does with them, without loading torch itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.support.services import submitted, until

from diorama.execute.pool import PoolOptions
from diorama.execute.processes import ProcessExecutor
from diorama.execute.transport import Transport
from diorama.graph import Constant, Graph, GraphNode, Wire
from diorama.lease.cpu import Cpu
from diorama.lease.leases import Leases
from diorama.run.service import Service
from diorama.run.views import RunView
from diorama.store.calls import CallStore
from diorama.values import Image

GIVEN: dict[str, Any] = {"width": 64, "height": 64, "steps": 4, "precision": "fp32"}


def painting(prompts: list[str] | str, **changed: Any) -> Graph:
    inputs = {name: Constant(value) for name, value in {**GIVEN, **changed, "prompt": prompts}.items()}
    for_each = ("prompt",) if isinstance(prompts, list) else ()
    node = GraphNode("diorama/sdxl_image", inputs, for_each=for_each)
    return Graph(title="painting", nodes={"paint": node}, results={"out": Wire("paint", "image")})


@pytest.fixture(scope="module")
def service(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("worker")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DIORAMA_MODELS", str(tiny))
        patch.setenv("DIORAMA_HOME", str(folder / "home"))
        with closing(CallStore(folder / "store")) as store:
            leases = Leases([Cpu()])
            executor = ProcessExecutor(Transport(store.blobs), devices=leases, options=PoolOptions(cpu_workers=1))
            with Service(store, executor=executor) as service:
                yield service


def ended(service: Service, run: str) -> RunView:
    """The run once it is over. A worker says nothing while it imports torch, which takes its time on a busy machine."""
    with service.hub.subscribe([f"run:{run}"]) as heard:
        for _ in range(1000):
            if (view := service.run(run)).state not in ("queued", "running"):
                return view
            if not heard.get(90.0):
                break
    raise AssertionError(f"it does not end: {service.run(run)}")


def test_a_server_paints_in_its_worker_and_cancels_there(service: Service) -> None:
    run = submitted(service, painting(["a cat", "a dog", "the sea"]))
    view = ended(service, run)
    assert (view.state, view.faults) == ("succeeded", [])
    pictures = Transport(service.store.blobs).value(service.results(run)["out"])
    assert isinstance(pictures, list)
    assert [(type(one), one.width) for one in pictures] == [(Image, 64)] * 3

    slow = submitted(service, painting("a slow one", steps=150, width=128))
    until(service, slow, lambda view: (view.progress or 0) > 0.05)
    service.cancel(slow)
    assert ended(service, slow).state == "cancelled"

    again = submitted(service, painting("and another"))
    assert ended(service, again).state == "succeeded"


def test_looking_for_what_nodes_need_loads_no_torch(tmp_path: Path) -> None:
    code = (
        "import sys; from diorama.session import Session, load_graph; from pathlib import Path;"
        "graph, _ = load_graph('text_to_scene_models');"
        "print([fault.code for fault in Session(Path(sys.argv[1])).check(graph)]);"
        "print([name for name in ('torch', 'diffusers', 'transformers', 'llguidance', 'httpx') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "store")], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.splitlines() == ["[]", "[]"]
