"""A worker process as its server sees it: the sockets to it, what it makes, how it ends."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from diorama.execute import proc
from diorama.execute.call import Call, Progressed
from diorama.execute.devices import Grant
from diorama.execute.messages import Asked, Hello, Said, asked_json, hello_json, said_of
from diorama.execute.output import Output
from diorama.execute.spawn import spawn
from diorama.execute.wire import CHUNK, ORDER_BYTES, Inbox, framed
from diorama.keys import Digest
from diorama.refs import Blob

State = Literal["starting", "idle", "busy", "ending"]
REMEMBERED = 256
"""Digests of a worker's latest values, by which it is chosen for calls that take them."""


@dataclass(slots=True)
class Assignment:
    """The call that a worker makes."""

    call: Call
    grant: Grant | None
    since: float
    memory_bytes: int
    """What it may take beyond `base_bytes`; 0 where nothing bounds it."""
    base_bytes: int
    """What the worker held before."""
    peak_bytes: int = 0
    progress: Progressed | None = None
    is_cancelled: bool = False
    is_abandoned: bool = False
    """Whether nobody wants to hear of it any more."""


class Child:
    """One worker process."""

    def __init__(self, number: int, lane: str, hello: Hello, environment: Mapping[str, str]) -> None:
        self.number = number
        self.lane = lane
        self.device = ""
        self.state: State = "starting"
        self.since = time.monotonic()
        """When it came into its state."""
        self.silent_since = 0.0
        """When it closed its end of the socket."""
        self.assignment: Assignment | None = None
        self.calls_done = 0
        self.ready_bytes = 0
        """What it held when it was ready for its first call."""
        self.rss_bytes = 0
        self.most_bytes = 0
        """Most that it ever held, known when it has ended."""
        self.kin: dict[int, int] = {}
        """Processes that it started, as they were last seen."""
        self.ended_why = ""
        """Why this side ended it, where it did."""
        self.output = Output()
        self.values: OrderedDict[Digest, int] = OrderedDict()
        """Sizes of the values that it had to do with last, by digest."""
        self._inbox = Inbox()
        self._outbox = bytearray()
        self.process = spawn(environment)
        self._send(hello_json(hello))

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self.process.popen.pid

    def become_ready(self) -> None:
        """It has read what it needs, and makes the call that waits for it."""
        self.rss_bytes = self.ready_bytes = proc.rss_bytes(self.pid)
        if self.assignment is None:
            self._become("idle")
        else:
            self.assignment.base_bytes = self.rss_bytes
            self._become("busy")

    def finish(self, rss_bytes: int) -> None:
        """It has made its call."""
        self.assignment = None
        self.calls_done += 1
        self.rss_bytes = rss_bytes
        self.output.begin()
        self._become("idle")

    def _become(self, state: State) -> None:
        self.state = state
        self.since = time.monotonic()

    def assign(self, assignment: Assignment, order: bytes) -> None:
        """Let it make a call, as the message `order` says it."""
        self.assignment = assignment
        if self.state == "idle":
            self._become("busy")
        self.output.begin()
        self._send(order)

    def ask(self, asked: Asked) -> None:
        """Ask something about the call that it makes."""
        # A worker that does not read is not waited for: it is ended in the end.
        with suppress(OSError):
            self.process.control.send(framed(asked_json(asked)))

    @property
    def has_more_to_send(self) -> bool:
        """Whether something waits until the worker reads."""
        return bool(self._outbox)

    def _send(self, message: bytes) -> None:
        self._outbox += framed(message, ORDER_BYTES)
        self.send_more()

    def send_more(self) -> None:
        """Send what waits, as far as the worker reads."""
        with suppress(BlockingIOError, BrokenPipeError, ConnectionResetError):
            while self._outbox:
                del self._outbox[: self.process.calls.send(memoryview(self._outbox)[:CHUNK].tobytes())]

    def hear(self) -> Iterator[Said]:
        """What it has said; raises `Garbage` for what no worker says and `EOFError` where it says no more."""
        try:
            content = self.process.calls.recv(CHUNK)
        except BlockingIOError:
            return
        except OSError:
            content = b""
        if not content:
            raise EOFError
        for message in self._inbox.feed(content):
            yield said_of(message)

    def read_output(self) -> list[str]:
        """Lines that it has printed; takes one chunk."""
        try:
            content = os.read(self.process.printed, CHUNK)
        except OSError:
            return []
        return self.output.feed(content)

    def remember(self, blobs: Iterator[Blob]) -> None:
        """Remember values that it has had to do with."""
        for blob in blobs:
            self.values[blob.digest] = blob.size
            self.values.move_to_end(blob.digest)
        while len(self.values) > REMEMBERED:
            self.values.popitem(last=False)

    def look(self) -> int:
        """See what it and all that it started hold in memory; gives the sum in bytes."""
        self.kin = proc.descendants(self.pid)
        self.rss_bytes = proc.rss_bytes(self.pid) + sum(proc.rss_bytes(one) for one in self.kin)
        return self.rss_bytes

    def end(self, why: str) -> None:
        """Kill it with all that it started; nothing that it says is heard from here on."""
        self.ended_why = why
        self._become("ending")
        self.kin.update(proc.descendants(self.pid))
        # It is not reaped yet, so that its number, and that of its group, belongs to nobody else.
        with suppress(OSError):
            os.killpg(self.pid, signal.SIGKILL)
        proc.end_all(self.kin)
        self.process.hang_up()

    def has_ended(self) -> bool:
        """Whether the process has come to its end; it is not reaped yet."""
        try:
            return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:
            return True

    def reap(self) -> int | None:
        """Its exit status (negative for a signal), None where it has not ended yet."""
        popen = self.process.popen
        try:
            pid, status, usage = os.wait4(popen.pid, os.WNOHANG)
        except ChildProcessError:
            # Somebody else asked how it ended; nobody will ever know here.
            return popen.poll() or 0
        if not pid:
            return None
        self.most_bytes = usage.ru_maxrss * 1024
        popen.returncode = os.waitstatus_to_exitcode(status)
        return popen.returncode

    def wait(self, seconds: float) -> None:
        """Wait until it has ended."""
        if self.process.ended >= 0:
            waiting = select.poll()
            waiting.register(self.process.ended, select.POLLIN)
            waiting.poll(seconds * 1000)
        else:
            with suppress(subprocess.TimeoutExpired):
                self.process.popen.wait(seconds)
