"""Calls made by threads, so that numpy work of several nodes goes on at once."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable, Sequence

from diorama.catalogue import Entry
from diorama.context import Context
from diorama.execute.call import Call, Outcome, Previewed, Progressed, Waiting
from diorama.execute.inline import made_inline
from diorama.execute.interrupt import FORCE_SECONDS, Interrupts
from diorama.execute.perform import perform
from diorama.execute.transport import Transport
from diorama.values.value import Value


class ThreadExecutor:
    """A few daemon threads. Light calls are made at once on the scheduler's thread."""

    def __init__(self, transport: Transport, capacity: int | None = None) -> None:
        self.transport = transport
        self.capacity = capacity or max(os.cpu_count() or 1, 2)
        self._waiting: queue.SimpleQueue[tuple[Call, Context] | None] = queue.SimpleQueue()
        self._outcomes: queue.SimpleQueue[Outcome | None] = queue.SimpleQueue()
        self._interrupts = Interrupts()
        self._contexts: dict[int, Context] = {}
        self._forced: dict[int, float] = {}
        """When a cancelled call is forced, on the monotonic clock."""
        self._size = 0

    def is_inline(self, entry: Entry) -> bool:
        """Whether a call costs less than handing it to a thread."""
        return entry.node.is_light

    def lane(self, entry: Entry) -> str:
        """All calls wait for the same threads."""
        return "threads"

    def choose(self, lane: str, waiting: Sequence[Waiting]) -> int | None:
        """The first, while a thread is free."""
        return 0 if len(self._contexts) < self.capacity else None

    def start(self, call: Call) -> None:
        """Hand the call to a thread, or make it here where it is light."""
        if self.is_inline(call.entry):
            self._outcomes.put(made_inline(call, self.transport))
            return
        ctx = Context(on_progress=self._progress(call.id), on_preview=self._preview(call.id))
        self._contexts[call.id] = ctx
        if self._size < self.capacity:
            self._grow()
        self._waiting.put((call, ctx))

    def cancel(self, call: int) -> None:
        """Set the call's flag; where it does not listen, `Cancelled` is raised inside it a little later."""
        ctx = self._contexts.get(call)
        if ctx is not None and not ctx.cancelled.is_set():
            ctx.cancelled.set()
            self._forced[call] = time.monotonic() + FORCE_SECONDS

    def abandon(self, call: int) -> None:
        """Forget the call; a thread that hangs in it is replaced."""
        if self._contexts.pop(call, None) is not None:
            self._grow()

    def wait(self, seconds: float | None) -> Sequence[Outcome]:
        """What has come in; calls that are due to be forced are forced on the way."""
        limit = None if seconds is None else time.monotonic() + seconds
        outcomes: list[Outcome] = []
        while not outcomes:
            pause = self._pause(limit)
            try:
                got = self._outcomes.get(timeout=pause) if pause != 0 else self._outcomes.get_nowait()
            except queue.Empty:
                self._force()
                if limit is not None and time.monotonic() >= limit:
                    break
                continue
            if got is None:
                break
            self._take(got, outcomes)
        while True:
            try:
                got = self._outcomes.get_nowait()
            except queue.Empty:
                return outcomes
            if got is not None:
                self._take(got, outcomes)

    def _pause(self, limit: float | None) -> float | None:
        ends = [*self._forced.values()] + ([] if limit is None else [limit])
        return max(0.0, min(ends) - time.monotonic()) if ends else None

    def _take(self, outcome: Outcome, outcomes: list[Outcome]) -> None:
        if not isinstance(outcome, Progressed | Previewed):
            self._contexts.pop(outcome.call, None)
            self._forced.pop(outcome.call, None)
        outcomes.append(outcome)

    def wake(self) -> None:
        """Let `wait` return."""
        self._outcomes.put(None)

    def close(self) -> None:
        """Ask all calls to end and all threads to go; threads that hang go with the process."""
        for ctx in self._contexts.values():
            ctx.cancelled.set()
        for call in [*self._contexts, *self._forced]:
            self._interrupts.strike(call)
        for _ in range(self._size):
            self._waiting.put(None)
        self._size = 0

    def _grow(self) -> None:
        self._size += 1
        threading.Thread(target=self._serve, name=f"diorama-call-{self._size}", daemon=True).start()

    def _serve(self) -> None:
        while (job := self._waiting.get()) is not None:
            self._make(*job)

    def _make(self, call: Call, ctx: Context) -> None:
        self._outcomes.put(self._interrupts.made(call.id, lambda: perform(call, self.transport, ctx)))

    def _force(self) -> None:
        now = time.monotonic()
        for call in [call for call, due in self._forced.items() if due <= now]:
            del self._forced[call]
            self._interrupts.strike(call)

    def _progress(self, call: int) -> Callable[[float, str], None]:
        return lambda fraction, message: self._outcomes.put(Progressed(call, fraction, message))

    def _preview(self, call: int) -> Callable[[Value], None]:
        return lambda value: self._outcomes.put(Previewed(call, self.transport.preview(value)))
