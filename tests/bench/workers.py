"""What a worker process costs: a call over one made inline, values in and out, the start."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from diorama.execute.call import Call, Done, Executor, Waiting
from diorama.execute.inline import InlineExecutor, made_inline
from diorama.execute.pool import CPU, PoolOptions
from diorama.execute.processes import ProcessExecutor
from diorama.execute.transport import Transport
from diorama.refs import Ref, inline
from diorama.session import Session
from diorama.store.blobs import BlobStore
from tests.bench.measure import Figure, folder
from tests.support import tally
from tests.support.calling import PLACE, Caller, calling
from tests.support.faulty_nodes import Raw, catalogue

CALLS = 300
ARRAYS = 9
WARMING_ARRAYS = 12
"""So many fill what the worker keeps at hand: from then on it makes room for each, and memory is used again."""
LARGE = 16 * 2**20
ONE = PoolOptions(catalogue=PLACE, cpu_workers=1)


def figures() -> Iterator[Figure]:
    """Every figure of the workers."""
    with folder() as path, calling(path / "store", ONE) as caller:
        yield _trivial(caller)
    yield from _in_runs()
    with folder() as path, calling(path / "store", ONE) as caller:
        yield from _arrays(caller)
    yield _start()
    yield _replaced()


def _made(caller: Caller, node: str, inputs: Mapping[str, Ref]) -> tuple[float, Done]:
    """Seconds from handing a call over to having its end."""
    entry = catalogue().entries[f"t/{node}"]
    begun = time.perf_counter()
    caller.count += 1
    assert caller.executor.choose(CPU, [Waiting(entry, [inputs], 0, 0.0, 0.0)]) == 0
    caller.executor.start(Call(caller.count, entry, [inputs]))
    while True:
        for outcome in caller.executor.wait(10.0):
            if isinstance(outcome, Done):
                return time.perf_counter() - begun, outcome


def _made_here(caller: Caller, node: str, inputs: Mapping[str, Ref]) -> float:
    """Seconds of the same call made in this process, which has decoded nothing yet."""
    transport = Transport(BlobStore(caller.transport.blobs.root))
    begun = time.perf_counter()
    made_inline(Call(1, catalogue().entries[f"t/{node}"], [inputs]), transport)
    return time.perf_counter() - begun


def _trivial(caller: Caller) -> Figure:
    inputs = {"x": inline(1)}
    _made(caller, "next_of", inputs)
    there = statistics.median(_made(caller, "next_of", inputs)[0] for _ in range(CALLS)) * 1e6
    here = statistics.median(_made_here(caller, "next_of", inputs) for _ in range(CALLS)) * 1e6
    return Figure(
        "trivial call in a warm worker, over one made inline", there - here, "µs a call", 250, f"inline {here:.0f} µs"
    )


def _arrays(caller: Caller) -> Iterator[Figure]:
    rng = np.random.default_rng(0)
    taken, placed, here = [], [], []
    for number in range(WARMING_ARRAYS + ARRAYS):
        array = caller.transport.preview(Raw(rng.bytes(LARGE)))
        there, done = _made(caller, "turned", {"raw": array})
        # The worker has it at hand; what it gives is in the store.
        again, _ = _made(caller, "size_of_raw", {"raw": array})
        if number >= WARMING_ARRAYS:
            taken.append(there)
            placed.append(again)
            here.append(_made_here(caller, "turned", {"raw": done.outputs[0]["value"]}))
    note = f"inline {statistics.median(here) * 1e3:.1f} ms"
    yield Figure("array of 16 MB into a worker and another out", statistics.median(taken) * 1e3, "ms", 30, note)
    yield Figure("array of 16 MB that the worker has at hand", statistics.median(placed) * 1e3, "ms", 1)


def _in_runs() -> Iterator[Figure]:
    """Whole runs of heavy calls, which are claimed, told and written one by one."""

    def processes(transport: Transport) -> ProcessExecutor:
        return ProcessExecutor(transport, options=PoolOptions(catalogue="tests.support.tally:catalogue", cpu_workers=1))

    def inline_(transport: Transport) -> InlineExecutor:
        return InlineExecutor(transport)

    over, here = (_call_of_a_run(executor) for executor in (processes, inline_))
    note = f"inline {here:.0f} µs"
    yield Figure("a call of a run over a worker, over one made inline", over - here, "µs a call", 250, note)


def _call_of_a_run(executor: Callable[[Transport], Executor]) -> float:
    with folder() as path, Session(path, catalogue=tally.catalogue(), executor=executor) as session:
        session.run(tally.row_of_slow(3))
        begun = time.perf_counter()
        assert session.run(tally.row_of_slow(CALLS)).state == "succeeded"
        return (time.perf_counter() - begun) / CALLS * 1e6


def _starts(node: str, **inputs: object) -> Iterator[float]:
    """Seconds of a first call, the start of its worker among them."""
    for _ in range(ARRAYS):
        with folder() as path, calling(path / "store", ONE) as caller:
            yield _made(caller, node, {name: caller.ref(value) for name, value in inputs.items()})[0]


def _start() -> Figure:
    return Figure(
        "start of a worker and its first call, no torch", statistics.median(_starts("next_of", x=1)) * 1e3, "ms", 500
    )


def _replaced() -> Figure:
    """From the death of a worker to the end of the call that was made again."""
    taken = []
    for number in range(ARRAYS):
        with folder() as path, calling(path / "store", ONE) as caller:
            caller.value("next_of", x=number)
            begun = time.perf_counter()
            caller.failed("exits", code=1)
            caller.value("next_of", x=number)
            taken.append(time.perf_counter() - begun)
    return Figure("a worker that dies, noticed, replaced, and a call made", statistics.median(taken) * 1e3, "ms")
