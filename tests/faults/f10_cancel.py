"""Cancel: in the queue, in Python, in C, against a node that swallows it, with a forked grandchild, while it ends."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil

from diorama import Client
from diorama.client.errors import ServerError
from diorama.graph import Constant, Graph, GraphNode, Wire
from diorama.run.events import CallStarted, RunEnded
from tests.faults.figures import Figures, spread
from tests.faults.processes import BOUND, Serving, serving
from tests.support.tally import noted

WAYS = ("python", "c", "swallowing", "forking")
GRACE_SECONDS = 5.0


def run(folder: Path, is_long: bool) -> Figures:
    """Cancel in each of the ways; the end comes within the grace, nothing is left, and it is told once."""
    rounds = 10 if is_long else 1
    acks: list[float] = []
    ends: list[float] = []
    with serving(folder / "store") as (server, client):
        client.run(_call("quick", 0))
        for number in range(rounds):
            _queued(client, acks, number)
            for place, way in enumerate(WAYS):
                _under_way(server, client, way, 1000 * (number + 1) + place, acks, ends)
            for moment in range(5):
                _while_it_ends(client, acks, 1_000_000 + number * 10 + moment, moment * 0.004)
        assert _settled(server), f"processes are left: {_below(server)}"
    assert max(ends) < GRACE_SECONDS + 1.0, ends
    return {
        "cancelled": f"{len(acks)} times",
        "acknowledged": spread(acks, "ms"),
        "process gone, run ended": spread(ends, "s"),
    }


def _call(node: str, x: int) -> Graph:
    return Graph({"call": GraphNode(f"f/{node}", {"x": Constant(x)})}, {"out": Wire("call", "value")}, title=node)


def _cancel(client: Client, run: str, acks: list[float]) -> None:
    begun = time.monotonic()
    client.cancel(run)
    acks.append(time.monotonic() - begun)


def _queued(client: Client, acks: list[float], number: int) -> None:
    client.pause_queue()
    run = client.submit(_call("quick", 500_000 + number))
    _cancel(client, run.id, acks)
    assert client.status(run.id).state == "cancelled"
    client.resume_queue()
    assert client.status(run.id).started is None, "a cancelled run was begun"


def _under_way(server: Serving, client: Client, way: str, x: int, acks: list[float], ends: list[float]) -> None:
    run = client.submit(_call(way, x))
    cancelled = 0.0
    told_ends = 0
    for event in client.watch(run.id):
        if isinstance(event, CallStarted):
            process = _process_of(server, x)
            _cancel(client, run.id, acks)
            cancelled = time.monotonic()
        told_ends += isinstance(event, RunEnded)
    ends.append(time.monotonic() - cancelled)
    assert told_ends == 1
    assert client.status(run.id).state == "cancelled", (way, client.status(run.id))
    if way in ("c", "swallowing", "forking"):
        _, alive = psutil.wait_procs([process], timeout=GRACE_SECONDS)
        assert not alive, f"{way}: the process outlived the grace"


def _while_it_ends(client: Client, acks: list[float], x: int, moment: float) -> None:
    """Cancel about when the run ends by itself: it has one end, whichever it is."""
    run = client.submit(_call("quick", x))
    threading.Event().wait(moment)
    with suppress(ServerError):
        # Where it has ended already, there is nothing to be cancelled.
        _cancel(client, run.id, acks)
    ends = [event for event in client.watch(run.id) if isinstance(event, RunEnded)]
    assert len(ends) == 1, ends
    assert client.status(run.id).state == ends[0].state


def _process_of(server: Serving, x: int) -> psutil.Process:
    end = time.monotonic() + BOUND
    while time.monotonic() < end:
        for line in noted(server.tally):
            value, _, number = line.partition(":")
            if value == str(x):
                return psutil.Process(int(number))
    raise AssertionError(f"call {x} was not begun")


def _below(server: Serving) -> list[psutil.Process]:
    assert server.process is not None
    workers = set(server.workers())
    below = psutil.Process(server.process.pid).children(recursive=True)
    return [one for one in below if one not in workers and one.status() != psutil.STATUS_ZOMBIE]


def _settled(server: Serving) -> bool:
    """Whether no process is left but warm workers."""
    end = time.monotonic() + GRACE_SECONDS
    while _below(server) and time.monotonic() < end:
        psutil.wait_procs(_below(server), timeout=0.1)
    return not _below(server)
