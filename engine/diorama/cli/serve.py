"""`diorama serve`: the server as a command, from the store to the socket, and back in good order."""

from __future__ import annotations

import gc
import os
import signal
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from diorama.cli.codes import OK
from diorama.execute.pool import PoolOptions
from diorama.execute.processes import ProcessExecutor
from diorama.execute.transport import Transport
from diorama.lease.found import machine_leases
from diorama.logs.setup import Level, LogOptions, logging_to
from diorama.run.options import ServiceOptions
from diorama.run.service import Service
from diorama.server.app import create_app
from diorama.server.observe.traces import tracing
from diorama.server.options import ServerOptions
from diorama.server.security.binding import check_binding
from diorama.server.serve import address_of, bound_socket, serve
from diorama.store.access import Access
from diorama.store.calls import CallStore
from diorama.templates import home

TURN_SECONDS = 0.0005
STOPS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What the command was given."""

    server: ServerOptions
    log: LogOptions
    store: Path | None = None
    database: str | None = None
    workers: int | None = None
    """Most worker processes for the CPU; None for as many as there are cores."""
    opens_browser: bool = False


def options_of(
    store: Path | None,
    host: str,
    port: int,
    database: str | None,
    workers: int | None,
    opens_browser: bool,
    hosts: tuple[str, ...],
    origins: tuple[str, ...],
    log_file: Path | None,
    log_level: Level,
) -> ServeOptions:
    """What the command's options say."""
    server = ServerOptions(host, port, allowed_hosts=hosts, allowed_origins=origins)
    return ServeOptions(server, LogOptions(log_level, log_file), store, database, workers, opens_browser)


def serve_store(options: ServeOptions) -> int:
    """Serve until SIGINT or SIGTERM; gives the exit code. Raises `DioramaError` where the server cannot start."""
    chosen = options.server
    with ExitStack() as opened:
        tail = opened.enter_context(logging_to(options.log))
        opened.enter_context(stopped_by_signals())
        store = opened.enter_context(closing(CallStore(options.store or home(), database=options.database)))
        check_binding(chosen.host, lambda: any(key.holds(store.wall()) for key in Access(store).all()))
        listening = opened.enter_context(closing(bound_socket(chosen.host, chosen.port)))
        address = address_of(listening)
        service = opened.enter_context(service_of(store, options.workers, address))
        app = create_app(service, chosen)
        app.state.tail = tail
        tracer = opened.enter_context(tracing())
        if tracer is not None:
            app.trace_to(tracer)
        settle_process()
        serve(app, chosen, listening, lambda: _tell(address, store.root, options.opens_browser))
        print("stopping: what is under way is finished or handed back", flush=True)
        service.close(chosen.grace_seconds)
    return OK


def service_of(store: CallStore, workers: int | None, address: str) -> Service:
    """A service whose heavy calls are made by worker processes."""
    pool = PoolOptions() if workers is None else PoolOptions(cpu_workers=workers)
    devices = machine_leases(store)
    executor = ProcessExecutor(Transport(store.blobs), devices=devices, options=pool)
    return Service(store, executor=executor, devices=devices, options=ServiceOptions(address=address))


def settle_process() -> None:
    """Leave out of all later collections what is there for good, and let threads take short turns.

    While the engine's thread makes light calls, an answer waits for several turns: at Python's own 5 ms, 95 % of
    answers to 20 clients came within 115 ms, at this within 17, and the engine was no slower.
    """
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(TURN_SECONDS)


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Let signals stop the server alone, not what comes after it: stores and workers are let go in order.

    uvicorn takes the signals while it serves, and raises them anew when it has stopped.
    """

    def heard(number: int, frame: FrameType | None) -> None:
        """Nothing more is to be done."""

    before = {one: signal.signal(one, heard) for one in STOPS}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _tell(address: str, store: Path, opens_browser: bool) -> None:
    print(f"Diorama serves {address}  (store {store}; Ctrl-C stops it)", flush=True)
    if opens_browser and _has_screen():
        webbrowser.open(address)


def _has_screen() -> bool:
    """Whether a browser would be a window: one in the terminal would take it from the server."""
    return sys.platform != "linux" or any(name in os.environ for name in ("DISPLAY", "WAYLAND_DISPLAY"))
