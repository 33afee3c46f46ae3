"""The engine's own cost: what a node costs beyond the work in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from diorama.run.events import Event, event_json
from diorama.session import Session
from tests.bench.measure import Figure, folder, in_fresh_process, median, seconds
from tests.bench.synthetic import SHAPES, chain, fan_in

FRESH = """
import sys, time
from pathlib import Path
from diorama.interface import interface_of
from diorama.session import Session
from tests.bench.synthetic import SHAPES
shape, count, start, store = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])
graph, catalogue, _ = SHAPES[shape](count, start)
for entry in catalogue.entries.values():
    interface_of(entry)
begun = time.perf_counter()
with Session(store, catalogue=catalogue, executor="inline") as session:
    result = session.run(graph)
    ended = time.perf_counter()
    assert result.state == "succeeded", result.faults
print((ended - begun) * 1000)
"""


def figures() -> Iterator[Figure]:
    """Every figure of the engine."""
    for shape in SHAPES:
        yield from _cold(shape)
    yield from _cached()
    yield _check_and_plan()
    yield _event_bytes()


def _cold(shape: str) -> Iterator[Figure]:
    per_node: dict[int, float] = {}
    for count in (1_000, 10_000):
        overheads: list[tuple[float, float]] = []
        for _ in range(5 if count == 1_000 else 3):
            graph, catalogue, plain = SHAPES[shape](count)
            with folder() as path, Session(path, catalogue=catalogue, executor="inline") as session:
                engine = seconds(lambda: session.run(graph))  # noqa: B023
                overheads.append((engine, seconds(plain)))
        engine, loop = sorted(overheads)[len(overheads) // 2]
        per_node[count] = (engine - loop) / count * 1e6
        note = f"{engine / loop:.0f} times a plain loop over the same functions"
        yield Figure(
            f"{shape} of {count:,}, cold, over the loop",
            per_node[count],
            "µs a node",
            80 if count == 1_000 else None,
            note,
        )
    yield Figure(f"{shape}: a node at 10,000 against one at 1,000", per_node[10_000] / per_node[1_000], "times", 1.3)


def _cached() -> Iterator[Figure]:
    for shape in ("chain", "fan-in"):
        with folder() as path:
            in_fresh_process(FRESH, shape, "1000", "0", str(path))
            again = median(lambda: in_fresh_process(FRESH, shape, "1000", "0", str(path)))  # noqa: B023
        yield Figure(f"{shape} of 1,000, all cached, fresh process", again, "ms", 15)
    with folder() as path:
        in_fresh_process(FRESH, "fan-in", "1000", "0", str(path))
        starts = iter(range(10_000, 10_005))
        changed = median(lambda: in_fresh_process(FRESH, "fan-in", "1000", str(next(starts)), str(path)))
    yield Figure("fan-in of 1,000, one leaf changed, fresh process", changed, "ms", 15)


def _check_and_plan() -> Figure:
    graph, catalogue, _ = chain(10_000)
    with folder() as path, Session(path, catalogue=catalogue, executor="inline") as session:
        taken = median(lambda: seconds(lambda: (session.check(graph), session.plan(graph))))
    return Figure("check and plan of 10,000 nodes", taken * 1000, "ms", 300)


def _event_bytes() -> Figure:
    graph, catalogue, _ = fan_in(1_000)
    sizes: list[int] = []

    def hear(event: Event) -> None:
        sizes.append(len(event_json(event)))

    with folder() as path, Session(Path(path), catalogue=catalogue, executor="inline") as session:
        session.run(graph, listener=hear)
    return Figure("bytes of an event, the largest of a run of 1,001 nodes", max(sizes), "bytes", 500)
