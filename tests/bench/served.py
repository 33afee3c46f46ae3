"""A server with trivial nodes, for the benchmark: `python -m tests.bench.served STORE`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Annotated

from pydantic import Field

from diorama.catalogue import Catalogue, Pack, catalogue_of
from diorama.cli.serve import settle_process, stopped_by_signals
from diorama.context import Context
from diorama.execute.pool import PoolOptions
from diorama.execute.processes import ProcessExecutor
from diorama.execute.transport import Transport
from diorama.logs.setup import LogOptions, logging_to
from diorama.node import Cost, node
from diorama.run.service import Service
from diorama.server.app import create_app
from diorama.server.options import ServerOptions
from diorama.server.serve import bound_socket, serve
from diorama.store.calls import CallStore
from tests.bench.synthetic import add, add_one


@node(cost=Cost(seconds=1.0))
def telling(ctx: Context, times: int, pause: Annotated[float, Field(ge=0)], seed: int = 0) -> int:
    """Tell progress some times, each with the moment it is told at."""
    begun = time.monotonic()
    for number in range(times):
        ctx.progress(number / times, str(time.monotonic_ns()))
        ctx.cancelled.wait(max(0.0, begun + (number + 1) * pause - time.monotonic()))
    return times


@node(cost=Cost(seconds=1.0))
def spinning(ctx: Context, seconds: float, seed: int = 0) -> int:
    """Keep a core busy for a while, as a node at work does."""
    end = time.monotonic() + seconds
    count = 0
    while time.monotonic() < end:
        count += 1
        ctx.check_cancelled()
    return 0


def catalogue() -> Catalogue:
    """The nodes of the benchmark, as the pack `t`."""
    return catalogue_of(Pack("t", "1"), add_one, add, telling, spinning)


CATALOGUE = catalogue()


def main(store: Path) -> None:
    """Serve on a free port and print which."""
    options = ServerOptions(port=0)
    with stopped_by_signals(), bound_socket("127.0.0.1", 0) as listening, logging_to(LogOptions(file=store / "log")):
        opened = CallStore(store)
        pool = PoolOptions(catalogue="tests.bench.served:CATALOGUE")
        executor = ProcessExecutor(Transport(opened.blobs), trusted=frozenset({"t"}), options=pool)
        with Service(opened, catalogue=CATALOGUE, executor=executor) as service:
            app = create_app(service, options)
            settle_process()
            port = listening.getsockname()[1]
            serve(app, options, listening, lambda: print(port, flush=True))


@contextmanager
def bench_server(store: Path) -> Iterator[tuple[int, int]]:
    """A server in a process of its own for the length of a block: its port and its process id."""
    store.mkdir(parents=True, exist_ok=True)
    started = Popen([sys.executable, "-m", "tests.bench.served", str(store)], stdout=PIPE, text=True)
    try:
        assert started.stdout is not None
        yield int(started.stdout.readline()), started.pid
    finally:
        started.terminate()
        started.wait(30)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
