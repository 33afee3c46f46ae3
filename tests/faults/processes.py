"""Servers in processes of their own: started, killed, started again at the same place."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import orjson
import psutil

from diorama import Client
from diorama.server.serve import bound_socket

ROOT = Path(__file__).parents[2]
BOUND = 60.0
"""Seconds that nothing here may take; only a hang does."""


def free_port() -> int:
    """A port that nobody listens on."""
    free = bound_socket("127.0.0.1", 0)
    port: int = free.getsockname()[1]
    free.close()
    return port


@dataclass
class Serving:
    """A server process over a store folder; `port` stays the same when it is started again."""

    store: Path
    tally: Path
    service: Mapping[str, object] = field(default_factory=dict)
    database: str | None = None
    port: int = field(default_factory=free_port)
    environment: Mapping[str, str] = field(default_factory=dict)
    busy_seconds: float = 30.0
    process: subprocess.Popen[bytes] | None = None
    started_in: float = 0.0
    """Seconds from the start of the process to its first answer."""

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What it wrote to standard error."""
        return self.store.with_name(f"{self.store.name}.{self.port}.log")

    def start(self) -> None:
        """Start it; it takes requests when this returns."""
        options = {
            "store": str(self.store),
            "port": self.port,
            "database": self.database,
            "service": self.service,
            "busy_seconds": self.busy_seconds,
        }
        begun = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.serve", orjson.dumps(options).decode()],
                cwd=ROOT,
                env={**os.environ, "TALLY_FILE": str(self.tally), **self.environment},
                stdout=subprocess.PIPE,
                stderr=log,
            )
        assert self.process.stdout is not None
        with self.process.stdout as out:
            is_ready = _has_line(out)
        assert is_ready, f"the server did not start: {self.log.read_text()[-2000:]}"
        self.started_in = time.monotonic() - begun

    def kill(self) -> None:
        """Kill it as the system does, and wait until all of its workers are gone too."""
        assert self.process is not None
        below = psutil.Process(self.process.pid).children(recursive=True)
        self.process.kill()
        self.process.wait(BOUND)
        until = time.monotonic() + 10.0
        while alive := [one for one in below if _lives(one)]:
            assert time.monotonic() < until, f"workers outlived their server: {alive}"
            threading.Event().wait(0.005)

    def stop(self) -> int:
        """Ask it to end; gives its exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(BOUND)

    def workers(self) -> list[psutil.Process]:
        """Its worker processes."""
        assert self.process is not None
        found: list[psutil.Process] = []
        for child in psutil.Process(self.process.pid).children(recursive=True):
            with suppress(psutil.Error):
                if "diorama.execute.worker" in child.cmdline():
                    found.append(child)
        return found

    @property
    def rss_bytes(self) -> int:
        """Memory that the server itself takes, without its workers."""
        assert self.process is not None
        rss: int = psutil.Process(self.process.pid).memory_info().rss
        return rss

    @property
    def peak_bytes(self) -> int:
        """Most memory that the server itself ever took."""
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def _lives(process: psutil.Process) -> bool:
    """Whether a process still runs; one that has ended may wait long for its new parent to take note."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _has_line(out: IO[bytes]) -> bool:
    ready, _, _ = select.select([out], [], [], BOUND)
    return bool(ready and out.readline())


@contextmanager
def serving(store: Path, **given: object) -> Iterator[tuple[Serving, Client]]:
    """A server and a client for it; whatever is left of it is killed at the end."""
    tally = store.with_name(f"{store.name}.tally")
    server = Serving(store, tally, **given)  # type: ignore[arg-type]
    server.start()
    try:
        with Client(server.address) as client:
            yield server, client
    finally:
        if server.process is not None and server.process.poll() is None:
            server.kill()


def why_not_started(store: Path) -> str:
    """What a server says over a store that it must refuse."""
    server = Serving(store, store.with_name("tally"))
    try:
        server.start()
    except AssertionError as error:
        return str(error)
    finally:
        if server.process is not None:
            server.process.kill()
            server.process.wait(BOUND)
    raise AssertionError(f"the server started over {store}")
