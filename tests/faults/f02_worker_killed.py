"""kill -9 of a worker in the middle of a call, again and again; and one that is stopped and comes back."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import psutil

from diorama import Client
from diorama.graph import Constant, Graph, GraphNode, Wire
from diorama.run.events import CallFailed, CallFinished, CallStarted, Event
from tests.faults.figures import Figures, spread
from tests.faults.processes import BOUND, Serving, serving
from tests.support.tally import noted

CALL_MS = 150


def run(folder: Path, is_long: bool) -> Figures:
    """Kill the worker of each call once; each call still gives its result, and only once."""
    kills = 200 if is_long else 10
    with serving(folder / "store") as (server, client):
        client.run(_call(0))
        retried = [_killed(server, client, number) for number in range(1, kills + 1)]
        _stopped(server, client, kills + 1)
        idle = [worker for worker in server.workers() if worker.status() != psutil.STATUS_ZOMBIE]
        assert len(idle) <= 2, f"workers are left over: {idle}"
    return {"kills": f"{kills}", "from the kill to the call's next try": spread(retried, "ms")}


def _call(x: int, milliseconds: int = CALL_MS) -> Graph:
    inputs = {"x": Constant(x), "by": Constant(0), "milliseconds": Constant(milliseconds)}
    return Graph({"call": GraphNode("f/heavy", inputs)}, {"out": Wire("call", "value")}, title=f"call {x}")


def _killed(server: Serving, client: Client, x: int) -> float:
    """Kill the worker that makes the call; gives the seconds until the call is tried again."""
    run = client.submit(_call(x))
    killed_at = again_at = 0.0
    told: list[Event] = []
    for event in client.watch(run.id):
        told.append(event)
        if isinstance(event, CallStarted) and event.attempt == 1 and not killed_at:
            os.kill(_worker_of(server, x), signal.SIGKILL)
            killed_at = time.monotonic()
        elif isinstance(event, CallStarted):
            again_at = time.monotonic()
    assert client.result(run.id)["out"] == x
    failed = [event for event in told if isinstance(event, CallFailed)]
    finished = [event for event in told if isinstance(event, CallFinished)]
    assert [event.retried for event in failed] == [True], failed
    assert len(finished) == 1, finished
    assert "SIGKILL" in failed[0].message, failed
    return again_at - killed_at


def _worker_of(server: Serving, x: int) -> int:
    """The process that makes a call, by the line that the call left."""
    end = time.monotonic() + BOUND
    while time.monotonic() < end:
        for line in reversed(noted(server.tally)):
            value, _, process = line.partition(":")
            if value == str(x) and process:
                return int(process)
        os.sched_yield()
    raise AssertionError(f"call {x} was not begun")


def _stopped(server: Serving, client: Client, x: int) -> None:
    """Stop a worker for good in its call, cancel the run, and wake the worker: nothing of it comes in."""
    run = client.submit(_call(x, 2000))
    for event in client.watch(run.id):
        if isinstance(event, CallStarted):
            worker = psutil.Process(_worker_of(server, x))
            worker.suspend()
            client.cancel(run.id)
    view = client.status(run.id)
    assert view.state == "cancelled", view
    _, alive = psutil.wait_procs([worker], timeout=10.0)
    assert not alive, "a stopped worker outlived its call"
    # The same call again is made anew: no late result of the old worker is in the cache.
    before = len(noted(server.tally))
    assert client.run(_call(x, 2000))["out"] == x
    assert len(noted(server.tally)) == before + 1
