"""A device as this process shares it out: its lease, the call that uses it, and what lies in its memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Final

from diorama.execute.devices import Grant, Lease, Usage
from diorama.lease.device import GIB, Device, Memory
from diorama.lease.ledger import LEASE_SECONDS, Ledger
from diorama.lease.need import Need
from diorama.lease.page import Page

TURN_SECONDS: Final = 30.0
"""How long one process keeps a device while another waits for it: each change of hands may be a swap of models."""
LINGER_SECONDS: Final = 0.02
"""How long a device is kept between two calls: the next one is chosen within this time, or there is none."""
POLL_SECONDS: Final = 0.05
"""How often a device that another process has is asked for."""
QUEUE_SECONDS: Final = 1.0
"""How long a place in the queue is kept after it was last asked for."""
WISH_SECONDS: Final = 5.0
"""How long other processes are waited for to let go of models that they do not use."""
REFUSAL_SECONDS: Final = 1.0
"""How often a device that is short of memory is looked at again while calls wait for others."""
IDLE_POLL_SECONDS: Final = 1.0
"""How often a process that keeps models looks whether another asks for their room."""


@dataclass(frozen=True, slots=True)
class Underway:
    """The call that uses a device."""

    call: int
    need: Need
    grant: Grant
    since: float


@dataclass(frozen=True, slots=True)
class Room:
    """Memory of a device that this process can use, its own counted as free."""

    total: int
    free: int
    budget: int


@dataclass(slots=True)
class Stand:
    """One device. Times are on the clock of whoever owns it."""

    device: Device
    ledger: Ledger | None
    reserve: int
    token: int = 0
    is_held: bool = False
    """Whether this process has the lease."""
    call: Underway | None = None
    resident: Mapping[str, int] = field(default_factory=dict)
    held_bytes: int = 0
    """What the worker keeps between calls."""
    has_worker: bool = False
    is_leaving: bool = False
    """Whether its worker has to go; until it is gone, nothing is started on the device."""
    why_gone: str = ""
    """What the device said when it answered no more."""
    taken_at: float = 0.0
    freed_at: float = 0.0
    """When a call last ended on it, or was refused."""
    queued_at: float | None = None
    """When it was last asked for while another had it."""
    try_at: float = 0.0
    """When it is asked for again."""
    asked_at: float | None = None
    """Since when other processes are asked to let go of what they keep."""
    refusal: str = ""
    """Why no call was started on it the last time."""
    refused_at: float = -inf
    renewed_at: float = 0.0
    loads: int = 0
    evictions: int = 0
    swaps: int = 0
    """How often a model had to go for another."""

    @property
    def lease(self) -> Lease:
        """The lease as a worker sees that it holds."""
        if self.ledger is None:
            return Lease(token=self.token)
        return Lease(str(self.ledger.path), self.ledger.owner.id, self.token)

    def room(self, memory: Memory) -> Room:
        """What is there for this process: all but the reserve and what others use."""
        free = max(memory.total - max(memory.used - self.held_bytes, 0), 0)
        return Room(memory.total, free, max(free - self.reserve, 0))

    def take(self, now: float) -> bool:
        """Have the lease; False where another process has it, or its turn has come, or the worker has to go first."""
        if self.is_held:
            page = self.ledger.page() if self.ledger is not None else None
            if page is None or (self._is_mine(page) and not (page.queue and now - self.taken_at >= TURN_SECONDS)):
                return True
            self._notice(page)
        if now < self.try_at or self.is_leaving:
            return False
        if self.is_held:
            self.let_go()
        token = self.token + 1 if self.ledger is None else self.ledger.take()
        if token is None:
            self.queued_at, self.try_at = now, now + POLL_SECONDS
            return False
        self.token, self.is_held, self.queued_at = token, True, None
        self.taken_at = self.freed_at = self.renewed_at = now
        return True

    def _is_mine(self, page: Page) -> bool:
        return self.ledger is not None and page.holder == self.ledger.owner.id and page.token == self.token

    def _notice(self, page: Page) -> None:
        """See whether another took this process for dead: what its worker does on the device now is too late."""
        if self.is_held and not self._is_mine(page):
            self.is_held = False
            self.leave()

    def let_go(self) -> None:
        """Let the lease go, or the place in the queue; what the worker keeps stays told.

        Where the ledger cannot be written now, others take it for a lease of the dead, since nobody renews it.
        """
        self.is_held, self.queued_at = False, None
        if self.ledger is not None:
            self.ledger.release(self.held_bytes)

    def is_waited_for(self, size: int, now: float) -> bool:
        """Whether others still may let go of what they keep; they are asked when this is first looked at."""
        if self.ledger is None or not self.others_keep(self.ledger.page()):
            return False
        if self.asked_at is None:
            self.asked_at = now
            self.ledger.ask(size)
        self.freed_at, self.try_at = now, now + POLL_SECONDS
        return now - self.asked_at < WISH_SECONDS

    def ask_no_more(self) -> None:
        """Take back what other processes were asked for."""
        if self.asked_at is not None and self.ledger is not None:
            self.ledger.ask(0)
        self.asked_at = None

    def refuse(self, why: str, now: float) -> None:
        """Start nothing on it for a while."""
        self.refusal, self.refused_at = why, now
        self.ask_no_more()
        self.let_go()
        self.try_at = now + REFUSAL_SECONDS

    def is_refused(self, now: float) -> bool:
        """Whether a call was refused on it just now."""
        return now - self.refused_at < 2 * REFUSAL_SECONDS

    def others_keep(self, page: Page) -> int:
        """Bytes that workers of other processes keep between calls."""
        assert self.ledger is not None
        return sum(party.idle_bytes for name, party in page.parties.items() if name != self.ledger.owner.id)

    def others_ask(self, page: Page) -> bool:
        """Whether another process asks for the room of what is kept here."""
        assert self.ledger is not None
        return any(party.wanted_bytes for name, party in page.parties.items() if name != self.ledger.owner.id)

    def tend(self, now: float) -> None:
        """Show that this process lives, let go of what it uses no more, and see what others want."""
        if now >= self.try_at:
            self.try_at = 0.0
        kept_until = self._kept_until
        if kept_until is not None and now >= kept_until:
            self.ask_no_more()
            self.let_go()
        if self.ledger is None or not self._is_in_ledger:
            return
        if now >= self.renewed_at + self._renewal:
            self._renew(self.ledger, now)

    @property
    def _kept_until(self) -> float | None:
        """How long the lease, or the place in its queue, is kept for a call that may still come."""
        if self.call is not None:
            return None
        if self.asked_at is not None:
            return max(self.asked_at + WISH_SECONDS, self.freed_at) + LINGER_SECONDS
        if self.is_held:
            return self.freed_at + LINGER_SECONDS
        return None if self.queued_at is None else self.queued_at + QUEUE_SECONDS

    @property
    def _is_in_ledger(self) -> bool:
        return self.is_held or self.queued_at is not None or self.held_bytes > 0

    @property
    def _renewal(self) -> float:
        """How often the ledger is looked at: idle models are asked for more often than a sign of life is due."""
        is_idle = self.call is None and self.held_bytes > 0
        return IDLE_POLL_SECONDS if is_idle else LEASE_SECONDS / 3

    def _renew(self, ledger: Ledger, now: float) -> None:
        self.renewed_at = now
        page = ledger.renew()
        self._notice(page)
        if self.call is None and self.others_ask(page):
            self.leave()

    def leave(self) -> None:
        """Have the worker go, and all that it holds with it."""
        self.is_leaving = self.is_leaving or self.has_worker

    def lost(self) -> None:
        """The worker is gone. The lease goes with it: whatever is left of it finds that its token holds no more."""
        self.resident, self.held_bytes = {}, 0
        self.has_worker = self.is_leaving = False
        self.let_go()

    def end(self, usage: Usage | None, now: float) -> None:
        """The call has ended."""
        self.call, self.freed_at = None, now
        if usage is None:
            return
        self.resident, self.held_bytes = dict(usage.resident), usage.held_bytes
        self.loads += len(usage.loads)
        self.evictions += len(usage.evicted)
        self.swaps += min(len(usage.loads), len(usage.evicted))
        if usage.is_spent:
            self.leave()

    def due(self) -> float | None:
        """When it has to be tended next."""
        moments: list[float] = []
        if self.try_at:
            moments.append(self.try_at)
        elif (kept_until := self._kept_until) is not None:
            moments.append(kept_until)
        if self.ledger is not None and self._is_in_ledger:
            moments.append(self.renewed_at + self._renewal)
        return min(moments, default=None)


def low_sentence(device: Device, room: Room, least: int) -> str:
    """Why no call is started on a device, and what to do."""
    shown = f"{device.title} ({device.name}) has {room.free / GIB:.1f} of {room.total / GIB:.1f} GiB of memory free"
    return (
        f"{shown}, but a call is started with at least {least / GIB:g} GiB: "
        "close other programs that use the GPU, then run it again"
    )
