"""The program of a worker process: makes one call after the other as its server says, until that is gone.

`python -m diorama.execute.worker CALLS CONTROL` with the numbers of two sockets that it inherits. Calls come and are
answered over the first, on the thread that makes them; what is asked about a call under way comes over the second.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from socket import socket
from threading import Event

from diorama.context import Context, load_and_drop
from diorama.execute import confines, proc
from diorama.execute.call import Call, Done, Failed, Stopped
from diorama.execute.devices import Keeper, Usage
from diorama.execute.exhaustion import exhausted
from diorama.execute.found import Nodes, attribute, nodes_at
from diorama.execute.interrupt import Interrupts
from diorama.execute.messages import (
    Hello,
    Order,
    asked_of,
    ended_json,
    hello_of,
    order_of,
    preview_json,
    progress_json,
    ready_json,
)
from diorama.execute.perform import nothing_first, perform
from diorama.execute.transport import Transport
from diorama.execute.wire import Garbage, framed, read_message
from diorama.store.blobs import BlobStore
from diorama.values.value import Value

PROGRESS_SECONDS = 0.05
"""How often progress of a call is said; what comes in between is not."""


class Cancels:
    """Which calls were cancelled: the one under way, or one that is on its way here."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._call = 0
        self._flag = Event()
        self._early: set[int] = set()

    def begin(self, call: int) -> Event:
        """A call begins; gives its flag, which is set where the cancel came first."""
        with self._lock:
            self._call, self._flag = call, Event()
            if call in self._early:
                self._flag.set()
            self._early.clear()
            return self._flag

    def cancel(self, call: int) -> None:
        """A call is cancelled; one that has ended is not meant any more."""
        with self._lock:
            if call == self._call:
                self._flag.set()
            elif call > self._call:
                self._early.add(call)


class Worker:
    """Makes calls, one at a time."""

    def __init__(self, calls: socket, control: socket, hello: Hello) -> None:
        self.calls = calls
        self.control = control
        self.hello = hello
        self.transport = Transport(BlobStore(Path(hello.blobs)), hello.kept_bytes)
        self.interrupts = Interrupts()
        self.cancels = Cancels()
        self.folder = os.getcwd()
        """Where every call begins, wherever the one before went."""
        self._nodes: Nodes | None = None
        self._keeper: Keeper | None = None
        self._sending = threading.Lock()

    def serve(self) -> None:
        """Make calls until the server is gone."""
        threading.Thread(target=self._listen, name="control", daemon=True).start()
        self._say(ready_json())
        while (message := read_message(self.calls)) is not None:
            order = order_of(message)
            outcome, usage = self._made(order, self.cancels.begin(order.call))
            os.chdir(self.folder)
            self._answer(outcome, usage)

    def _listen(self) -> None:
        """Hear what is asked about the call under way; where the server is gone, go too, with all that was started."""
        while (message := read_message(self.control)) is not None:
            asked = asked_of(message)
            self.cancels.cancel(asked.call)
            if asked.kind == "force":
                self.interrupts.strike(asked.call)
        confines.end_group()

    def _say(self, message: bytes) -> None:
        content = framed(message)
        with self._sending:
            self.calls.sendall(content)

    def _made(self, order: Order, cancelled: Event) -> tuple[Done | Failed | Stopped, Usage | None]:
        keeper: Keeper | None = None
        try:
            if self._nodes is None:
                self._nodes = nodes_at(self.hello.catalogue)
            entry = self._nodes.find(order.node)
            self._nodes.learn_types(ref for inputs in order.inputs for ref in inputs.values())
            keeper = self._keeper_of(order)
        except Exception as error:  # importing a pack may raise anything
            message = f"the worker cannot call {order.node.id}: {type(error).__name__}: {error}"
            return Failed(order.call, "R001", message, traceback.format_exc(), is_final=True), None
        call = Call(order.call, entry, order.inputs, order.rung)
        with confines.memory(0 if self.hello.device.startswith("cuda") else order.memory_bytes):
            outcome = self.interrupts.made(order.call, lambda: self._performed(call, order, cancelled, keeper))
        usage = self._usage(keeper)
        if isinstance(outcome, Failed) and outcome.cause == "memory" and order.grant is not None and usage is not None:
            outcome = exhausted(outcome, order.rung, order.grant, usage)
        return outcome, usage

    def _keeper_of(self, order: Order) -> Keeper | None:
        if order.grant is None or not self.hello.keeper:
            return None
        if self._keeper is None:
            make = attribute(self.hello.keeper)
            assert callable(make)
            self._keeper = make(self.hello.device)
        return self._keeper

    def _performed(self, call: Call, order: Order, cancelled: Event, keeper: Keeper | None) -> Done | Failed | Stopped:
        ctx = Context(
            on_progress=self._progress(call.id, keeper),
            on_preview=self._preview(call.id),
            cancelled=cancelled,
            hold=load_and_drop if keeper is None else keeper.hold,
        )
        grant = order.grant
        first = nothing_first if keeper is None or grant is None else lambda: keeper.begin(grant)
        try:
            return perform(call, self.transport, ctx, first)
        except KeyboardInterrupt:
            # Nobody presses Ctrl-C here: the node raised it.
            return Failed(call.id, "R001", "KeyboardInterrupt", traceback.format_exc())

    def _usage(self, keeper: Keeper | None) -> Usage | None:
        if keeper is None:
            return None
        try:
            return keeper.end()
        except Exception:
            traceback.print_exc()
            return Usage(is_spent=True)

    def _answer(self, outcome: Done | Failed | Stopped, usage: Usage | None) -> None:
        flush_output()
        rss = proc.rss_bytes(os.getpid())
        try:
            self._say(ended_json(outcome, usage, rss))
        except Garbage as error:
            failed = Failed(outcome.call, "R004", f"what it gave is too much: {error}", is_final=True)
            self._say(ended_json(failed, usage, rss))

    def _progress(self, call: int, keeper: Keeper | None) -> Callable[[float, str], None]:
        due = 0.0

        def tell(fraction: float, message: str) -> None:
            nonlocal due
            now = time.monotonic()
            if now >= due or fraction >= 1.0:
                due = now + PROGRESS_SECONDS
                if keeper is not None:
                    keeper.check()
                self._say(progress_json(call, float(fraction), message))

        return tell

    def _preview(self, call: int) -> Callable[[Value], None]:
        return lambda value: self._say(preview_json(call, self.transport.preview(value)))


def flush_output() -> None:
    """Let what was printed reach the server before it hears of the call's end."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):  # a node may have closed or replaced it
            stream.flush()
    confines.flush_native()


def main(calls: int, control: int) -> None:
    """Serve."""
    # Ctrl-C is for the server, which ends its workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    faulthandler.enable()
    for stream in (sys.stdout, sys.stderr):
        # What was printed before a crash is then told.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(line_buffering=True, errors="backslashreplace")
    answers = socket(fileno=calls)
    message = read_message(answers)
    if message is None:
        return
    hello = hello_of(message)
    confines.bind_to(hello.server)
    sys.path[:] = hello.path
    Worker(answers, socket(fileno=control), hello).serve()
    confines.end_group()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
