"""Calls made by worker processes, so that one that dies or hangs costs nothing but itself."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence, Set
from dataclasses import dataclass

from diorama.catalogue import Entry
from diorama.execute import proc
from diorama.execute.call import LADDER, Call, Failed, Outcome, Waiting
from diorama.execute.child import State
from diorama.execute.devices import Choice, Devices, Grant, Refused
from diorama.execute.inline import made_inline
from diorama.execute.plain_keeper import OneCpu
from diorama.execute.pool import CPU, DEVICE, GIB, Pool, PoolOptions
from diorama.execute.transport import Transport
from diorama.execute.watch import Watch
from diorama.limits import limits

TRUSTED = frozenset({"diorama"})
"""Packs whose light calls are made on the scheduler's own thread: the built-in one."""
POLL_SECONDS = 0.002
"""While light calls are made, workers are listened to so often at most."""
CLOSE_SECONDS = 5.0
MACHINE_SHARE = 0.8
"""Of the machine's memory, where that is less than a call may take by itself."""


@dataclass(frozen=True, slots=True)
class WorkerView:
    """A worker for people to look at."""

    pid: int
    lane: str
    device: str
    state: State
    calls: int
    """How many it has made."""
    call: str
    """The node that it calls now."""
    rss_bytes: int
    since: float
    """When it came into its state, in seconds since the epoch."""


class ProcessExecutor:
    """Makes light calls of trusted packs at once, and hands all others to worker processes."""

    def __init__(
        self,
        transport: Transport,
        *,
        devices: Devices | None = None,
        trusted: Set[str] = TRUSTED,
        options: PoolOptions | None = None,
    ) -> None:
        self.transport = transport
        self.trusted = trusted
        self.devices: Devices = devices if devices is not None else OneCpu()
        self.pool = Pool(transport.blobs, self.devices, options or PoolOptions())
        self.watch = Watch(self.pool)
        self._made: deque[Outcome] = deque()
        self._choice: Choice | None = None
        """What was chosen for the next call of the lane of devices."""
        self._polled = 0.0
        self._is_closed = False

    def is_inline(self, entry: Entry) -> bool:
        """Whether a call costs less than handing it over, and its pack is trusted not to end this process."""
        return entry.node.is_light and entry.pack.name in self.trusted and self.lane(entry) == CPU

    def lane(self, entry: Entry) -> str:
        """`device` for nodes that need models or memory of a device, `cpu` for the others."""
        return DEVICE if entry.node.uses_device else CPU

    def choose(self, lane: str, waiting: Sequence[Waiting]) -> int | None:
        """The first, while there is a worker for it; for devices, what they choose."""
        if self._is_closed:
            return None
        if lane == CPU:
            return 0 if self.pool.has_cpu_place() else None
        self._choice = self.devices.choose(waiting, self.pool.free_devices())
        return None if self._choice is None else self._choice.index

    def start(self, call: Call) -> None:
        """Make the call here where it is light, else let a worker make it."""
        if self.is_inline(call.entry):
            self._made.append(made_inline(call, self.transport))
            return
        grant: Grant | None = None
        if self.lane(call.entry) == DEVICE:
            assert self._choice is not None
            granted, self._choice = self._choice.grant, None
            if isinstance(granted, Refused):
                self.pool.outcomes.append(Failed(call.id, granted.code, granted.message, is_final=True))
                return
            grant = granted
        if LADDER[call.rung].is_alone:
            self.pool.end_idle()
        self.pool.start(call, grant, memory_of(call.entry))

    def cancel(self, call: int) -> None:
        """Ask the call to end; `Cancelled` is raised inside it a little later, and then its worker is killed."""
        self.watch.cancel(call)

    def abandon(self, call: int) -> None:
        """Forget the call and kill its worker."""
        self.pool.abandon(call)

    def wait(self, seconds: float | None) -> Sequence[Outcome]:
        """What has come in; what is due with workers is done on the way."""
        now = time.monotonic()
        if self._made and now < self._polled + POLL_SECONDS:
            return self._taken()
        limit = None if seconds is None else now + seconds
        while True:
            self.watch.tend()
            self._polled = now
            left = None if limit is None else max(0.0, limit - now)
            pauses = [one for one in (left, self.watch.pause()) if one is not None]
            devices_pause = self.devices.pause()
            devices_due = None if devices_pause is None else now + devices_pause
            has_some = self._made or self.pool.outcomes
            is_woken = self.pool.readiness.poll(0.0 if has_some else min(pauses, default=None))
            now = time.monotonic()
            if is_woken or self._made or self.pool.outcomes or (limit is not None and now >= limit):
                return self._taken()
            if devices_due is not None and now >= devices_due:
                # A call that waits for a device which another process had may get it now: it has to be chosen anew.
                self.watch.tend()
                return self._taken()

    def _taken(self) -> list[Outcome]:
        outcomes = [*self._made, *self.pool.outcomes]
        self._made.clear()
        self.pool.outcomes.clear()
        return outcomes

    def wake(self) -> None:
        """Let `wait` return; for any thread."""
        self.pool.readiness.wake()

    def workers(self) -> list[WorkerView]:
        """The workers as they are now; for any thread."""
        now, wall = time.monotonic(), time.time()
        views: list[WorkerView] = []
        for child in list(self.pool.children.values()):
            assignment = child.assignment
            node = assignment.call.entry.id if assignment is not None else ""
            rss = proc.rss_bytes(child.pid) or child.rss_bytes
            since = wall - (now - child.since)
            views.append(
                WorkerView(child.pid, child.lane, child.device, child.state, child.calls_done, node, rss, since)
            )
        return views

    def close(self) -> None:
        """End all workers."""
        if not self._is_closed:
            self._is_closed = True
            self.pool.close(CLOSE_SECONDS)
            self.devices.close()


def memory_of(entry: Entry) -> int:
    """Bytes that a call of a node may take of the machine's memory, beyond what its worker holds."""
    settings = entry.node.settings
    models = int(sum(model.gib for model in settings.models) * GIB)
    if settings.memory_gib:
        return int(settings.memory_gib * GIB) + models
    return min(limits().max_call_mib * 2**20 + models, int(proc.machine_bytes() * MACHINE_SHARE))
