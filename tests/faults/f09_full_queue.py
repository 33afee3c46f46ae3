"""10,000 queued runs of 20 clients with priorities, a tenth of them cancelled, and a restart with the queue full."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil

from diorama.graph import Constant, Graph, GraphNode, Wire
from diorama.run.options import ServiceOptions
from diorama.run.service import Service
from diorama.run.views import RunView, Submission
from tests.faults.figures import Figures, spread
from tests.faults.nodes import catalogue

CLIENTS = 20
LONGEST_SECONDS = 600.0


def run(folder: Path, is_long: bool) -> Figures:
    """Fill, cancel, start again, and see in which order the runs begin."""
    count = 10_000 if is_long else 1_000
    draw = np.random.default_rng(3)
    submits: list[float] = []
    options = ServiceOptions(recovery="resume", max_running=1)
    runs: list[tuple[str, str, int]] = []
    with Service(folder / "store", catalogue=catalogue(), options=options) as service:
        service.pause_queue()
        for number in range(count):
            client, priority = f"client-{draw.integers(CLIENTS)}", int(draw.integers(3))
            begun = time.perf_counter()
            view, _ = service.submit(Submission(_call(number), client=client, priority=priority))
            submits.append(time.perf_counter() - begun)
            runs.append((view.id, client, priority))
        cancelled = {runs[number][0] for number in draw.choice(count, count // 10, replace=False)}
        for name in cancelled:
            assert service.cancel(name).state == "cancelled"
    before = psutil.Process().memory_info().rss
    begun = time.monotonic()
    with Service(folder / "store", catalogue=catalogue(), options=options) as service:
        ready = time.monotonic() - begun
        assert service.queue().states["queued"] == count - len(cancelled)
        growth = psutil.Process().memory_info().rss - before
        service.resume_queue()
        _drain(service)
        drained = time.monotonic() - begun - ready
        started = {row.id: row.started for row in _all(service)}
    assert all(started[name] is None for name in cancelled), "a cancelled run was begun"
    lanes: dict[tuple[str, int], list[float]] = defaultdict(list)
    for name, client, priority in runs:
        if (moment := started[name]) is not None:
            lanes[client, priority].append(moment)
    assert sum(map(len, lanes.values())) == count - len(cancelled), "a run was lost"
    assert all(moments == sorted(moments) for moments in lanes.values()), "a client's runs overtook each other"
    assert ready < 3.0, ready
    assert growth < 300 * 2**20, growth
    return {
        "queued": f"{count:,} of {CLIENTS} clients",
        "submit": spread(submits, "ms"),
        "started with a full queue in": f"{ready:.2f} s",
        "memory for it": f"{growth / 2**20:+.0f} MiB",
        "all run in": f"{drained:.1f} s",
    }


def _call(x: int) -> Graph:
    inputs = {"x": Constant(x), "by": Constant(1)}
    return Graph({"call": GraphNode("f/light", inputs)}, {"out": Wire("call", "value")}, title="call")


def _drain(service: Service) -> None:
    end = time.monotonic() + LONGEST_SECONDS
    with service.hub.subscribe(["queue"]) as heard:
        while any(service.queue().states.get(state) for state in ("queued", "running")):
            assert time.monotonic() < end, service.queue()
            heard.get(0.5)


def _all(service: Service) -> Iterator[RunView]:
    cursor = None
    while True:
        page = service.runs(None, cursor, 500)
        yield from page.items
        if page.next is None:
            return
        cursor = page.next
