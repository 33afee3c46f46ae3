"""Two servers on one store: the same calls asked of both, and one of them killed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from diorama import Client
from diorama.graph import Constant, Graph, GraphNode, Wire
from tests.faults.figures import Figures
from tests.faults.processes import Serving
from tests.support import postgres
from tests.support.tally import noted

LEASE_SECONDS = 3.0


def run(folder: Path, is_long: bool) -> Figures:
    """Each call is made once on each kind of database, and what the killed one had goes on at the other."""
    calls = 1000 if is_long else 120
    figures: dict[str, str] = {}
    for kind, database in _databases(folder):
        with database as url, _pair(folder / kind, url) as (first, second, one, two):
            figures[f"{kind}: calls asked of both, made"] = _same_calls(first, one, two, calls)
            figures[f"{kind}: taken over after"] = f"{_takes_over(first, second, two):.2f} s"
    return figures


@contextmanager
def _no_database() -> Iterator[None]:
    yield None


def _databases(folder: Path) -> Iterator[tuple[str, AbstractContextManager[str | None]]]:
    yield "SQLite", _no_database()
    if postgres.why_none() is None:
        yield "PostgreSQL", _fresh(folder / "postgres")


@contextmanager
def _fresh(folder: Path) -> Iterator[str]:
    with postgres.running(folder) as running, running.database() as url:
        yield url


@contextmanager
def _pair(store: Path, url: str | None) -> Iterator[tuple[Serving, Serving, Client, Client]]:
    tally = store.with_name(f"{store.name}.tally")
    store.parent.mkdir(parents=True, exist_ok=True)
    service = {"recovery": "resume", "lease_seconds": LEASE_SECONDS, "max_running": 2}
    with ExitStack() as held:
        servers = [Serving(store, tally, service, url) for _ in range(2)]
        for server in servers:
            server.start()
            held.callback(_end, server)
        clients = [held.enter_context(Client(server.address)) for server in servers]
        yield servers[0], servers[1], clients[0], clients[1]


def _end(server: Serving) -> None:
    if server.process is not None and server.process.poll() is None:
        server.kill()


def _same_calls(server: Serving, one: Client, two: Client, count: int) -> str:
    """Ask both for the same calls at once; gives how many were made."""
    graph = _row(1_000_000, count, 2)
    runs = [(client, client.submit(graph)) for client in (one, two) for _ in range(2)]
    for client, view in runs:
        assert client.wait(view.id).state == "succeeded", client.status(view.id)
    made = Counter(line.partition(":")[0] for line in noted(server.tally))
    twice = {value: times for value, times in made.items() if times > 1}
    assert not twice, f"calls were made more than once: {twice}"
    assert len(made) == count, len(made)
    return f"{count} by 4 runs, {sum(made.values())}"


def _takes_over(first: Serving, second: Serving, two: Client) -> float:
    """Kill one server in the middle of a run of its own; gives the seconds until the other has the run."""
    with Client(first.address) as one:
        view = one.submit(_row(2_000_000, 8, 400))
        for event in one.watch(view.id):
            if event.kind == "call_finished":
                break
    killed = time.monotonic()
    first.kill()
    taken = 0.0
    for event in two.watch(view.id, since=0):
        if event.kind == "run_resumed":
            taken = time.monotonic() - killed
    assert two.status(view.id).state == "succeeded", two.status(view.id)
    assert 0.0 < taken <= LEASE_SECONDS + 1.0, taken
    return taken


def _row(base: int, count: int, milliseconds: int) -> Graph:
    nodes = {
        f"n{number}": GraphNode(
            "f/heavy", {"x": Constant(base + number), "by": Constant(0), "milliseconds": Constant(milliseconds)}
        )
        for number in range(count)
    }
    return Graph(nodes, {name: Wire(name, "value") for name in nodes}, title=f"row {base}")
