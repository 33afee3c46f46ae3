"""The queue on both databases: accepting, listing, claiming and cancelling, with nothing and with 10,000 queued."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from itertools import count

from diorama.store.calls import CallStore
from diorama.store.queue import NewBatch, Queue
from diorama.store.run_rows import NewRun, RunRow, RunRows
from diorama.store.turns import Limits
from tests.bench.measure import Figure, folder
from tests.support.postgres import running
from tests.support.queued import event

QUEUED = 10_000
CLIENTS = 20
TIMES = 300
GRAPH = b'{"format":1,"nodes":{' + b" " * 10_000 + b"}}"
"""As long as a graph of about 100 nodes."""
WIDE = Limits(1_000_000)


def figures() -> Iterator[Figure]:
    """Every figure of the queue."""
    with ExitStack() as opened:
        path = opened.enter_context(folder())
        yield from _of("SQLite", opened.enter_context(closing(CallStore(path / "sqlite", database=""))))
        server = opened.enter_context(running(path / "postgres", is_durable=True))
        url = opened.enter_context(server.database())
        yield from _of("PostgreSQL", opened.enter_context(closing(CallStore(path / "store", database=url))))


def _of(kind: str, store: CallStore) -> Iterator[Figure]:
    work = _Work(store)
    empty = {name: _sorted(*steps) for name, steps in work.each().items()}
    begun = time.perf_counter()
    work.queue.add([work.new(0) for _ in range(QUEUED)], batch=NewBatch("b", "many", "c0", GRAPH), tell=event)
    yield Figure(f"{kind}: {QUEUED:,} runs accepted in one call", (time.perf_counter() - begun) * 1000, "ms")
    work.queue.cancel()
    for client in range(CLIENTS):
        work.queue.add([work.new(client) for _ in range(QUEUED // CLIENTS)], tell=event)
    for name, steps in work.each().items():
        full = _sorted(*steps)
        note = f"p99 {full[int(len(full) * 0.99)]:.2f}; median {_median(empty[name]):.2f} where nothing is queued"
        bound = 5.0 if name == "claimed" else None
        yield Figure(f"{kind}: a run {name}, {QUEUED:,} queued of {CLIENTS} clients", _median(full), "ms", bound, note)


class _Work:
    """What is done to a queue over and over: each act with what goes before it and is not timed."""

    def __init__(self, store: CallStore) -> None:
        self.queue = Queue(store)
        self.rows = RunRows(store)
        self.numbers = count()
        self.claimed: RunRow | None = None

    def each(self) -> dict[str, tuple[Callable[[], str], Callable[[str], object]]]:
        """Every act by its name."""
        return {
            "submitted": (self.nothing, lambda _: self.submit()),
            "listed with 50": (self.nothing, lambda _: self.rows.page(state="queued", limit=50)),
            "claimed": (self.end_and_submit, self.claim),
            "cancelled": (self.submit, lambda run: self.queue.cancel(run=run, tell=event)),
        }

    def new(self, client: int) -> NewRun:
        """A run of a client."""
        return NewRun(f"r{next(self.numbers)}", "a run", GRAPH, b"{}", client=f"c{client}")

    def nothing(self) -> str:
        """No run is needed."""
        return ""

    def submit(self) -> str:
        """Accept a run, durably."""
        run = self.new(next(self.numbers) % CLIENTS)
        self.queue.add([run], tell=event)
        return run.id

    def claim(self, _: str) -> None:
        """Take the next run."""
        self.claimed = self.queue.claim_next("bench", WIDE)

    def end_and_submit(self) -> str:
        """Let the run that was claimed end, and have another in its place."""
        if self.claimed is not None:
            self.queue.set_state(self.claimed.id, ["running"], "succeeded", ended=1.0)
        return self.submit()


def _sorted(prepare: Callable[[], str], act: Callable[[str], object]) -> Sequence[float]:
    """Milliseconds of each of several times, the shortest first."""
    taken: list[float] = []
    for _ in range(TIMES):
        run = prepare()
        begun = time.perf_counter()
        act(run)
        taken.append((time.perf_counter() - begun) * 1000)
    return sorted(taken)


def _median(taken: Sequence[float]) -> float:
    return taken[len(taken) // 2]
