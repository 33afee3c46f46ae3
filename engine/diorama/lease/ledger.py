"""The ledger of a device: a file in which all processes of this machine see who may use it.

Whoever changes it holds a lock on a file beside it and puts a whole new page in place, so that readers need no lock
and never see half a page, and a process that is killed leaves no lock behind. docs/design/gpu-lease.md tells the rest.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from math import inf
from pathlib import Path
from threading import Event
from typing import Final, TypeVar

from diorama.lease.owner import Sight, sight_of
from diorama.lease.page import Owner, Page, Party, read_page

T = TypeVar("T")

LEASE_SECONDS: Final = 10.0
"""How long an owner may show no sign of life before another takes what it has."""
BEAT_SECONDS: Final = 1.0
"""How often an owner shows a sign of life that does nothing else."""
OFFER_SECONDS: Final = 1.0
"""How long the device stands free for the first of the queue."""
PATIENCE_SECONDS: Final = 0.05
"""How long the lock is waited for: it is held for less than a millisecond, unless whoever holds it was stopped."""


class Ledger:
    """One owner's view of the ledger of a device. None of its methods waits for another owner."""

    def __init__(
        self,
        path: Path,
        owner: Owner,
        *,
        clock: Callable[[], float] = time.monotonic,
        seconds: float = LEASE_SECONDS,
        sight: Callable[[Owner], Sight] = sight_of,
    ) -> None:
        self.path = path
        self.owner = owner
        self.clock = clock
        self.seconds = seconds
        self.sight = sight
        self._beats: dict[str, tuple[int, float]] = {}
        """The latest beat of each other owner, and when it was first seen."""
        self._beaten = -inf
        self._offer: tuple[tuple[int, str] | None, float] | None = None
        """Who was last seen to be free to take the device, and since when."""

    def page(self) -> Page:
        """What it says now."""
        return read_page(self.path)

    def take(self) -> int | None:
        """Take the device; gives the lease's token, or None where it is another's, or another's turn.

        Whoever gets none stands in the queue from then on.
        """
        return self._change(self._take)

    def _take(self, page: Page) -> int | None:
        mine = self.owner.id
        self._pass_over(page)
        if page.holder not in ("", mine) or (page.queue and page.queue[0] != mine):
            if mine not in page.queue:
                page.queue.append(mine)
            return None
        page.queue = page.queue[1:]
        page.holder = mine
        page.token += 1
        page.parties[mine].wanted_bytes = 0
        return page.token

    def _pass_over(self, page: Page) -> None:
        """Let the first of the queue lose its turn where the device stands free for it and it does not come."""
        offer = (page.token, page.queue[0]) if page.queue and not page.holder else None
        if offer is None or offer[1] == self.owner.id or self._offer is None or self._offer[0] != offer:
            self._offer = (offer, self.clock())
        elif self.clock() - self._offer[1] >= OFFER_SECONDS:
            page.queue = page.queue[1:]

    def release(self, idle_bytes: int = 0) -> bool:
        """Let the device go, or the place in its queue, and tell what stays in its memory.

        False where the ledger could not be changed.
        """
        return self._change(lambda page: self._release(page, idle_bytes)) or False

    def _release(self, page: Page, idle_bytes: int) -> bool:
        mine = page.parties[self.owner.id]
        page.drop(self.owner.id)
        if idle_bytes:
            mine.idle_bytes, mine.wanted_bytes = idle_bytes, 0
            page.parties[self.owner.id] = mine
        return True

    def ask(self, size: int) -> None:
        """Ask all others to let go of what they keep in memory between calls; 0 takes that back."""

        def put(page: Page) -> None:
            page.parties[self.owner.id].wanted_bytes = size

        self._change(put)

    def renew(self) -> Page:
        """Show that this owner lives; gives the page as it is then."""
        return self._change(lambda page: page) or self.page()

    def _change(self, edit: Callable[[Page], T]) -> T | None:
        """Change the page, its dead taken out before; gives what `edit` does, or None where it cannot be written."""
        try:
            lock = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return None
        try:
            if not _locked(lock):
                return None
            page = self.page()
            before = page.text()
            self._bury(page)
            mine = page.parties.setdefault(self.owner.id, Party(self.owner))
            answer = edit(page)
            # Who only asks again has nothing to write until a sign of life is due.
            if page.text() != before or self.clock() - self._beaten >= BEAT_SECONDS:
                self._beaten = self.clock()
                mine.beat += 1
                temporary = self.path.with_suffix(".new")
                temporary.write_bytes(page.text())
                temporary.replace(self.path)
        except OSError:
            return None
        else:
            return answer
        finally:
            os.close(lock)

    def _bury(self, page: Page) -> None:
        """Take out the owners that are dead, or have shown no sign of life for as long as a lease lasts."""
        now = self.clock()
        others = {name: party for name, party in page.parties.items() if name != self.owner.id}
        self._beats = {name: seen for name, seen in self._beats.items() if name in others}
        for name, party in others.items():
            beat, since = self._beats.get(name, (-1, now))
            if beat != party.beat:
                self._beats[name] = (party.beat, now)
            elif now - since >= self.seconds:
                page.drop(name)
                continue
            if self.sight(party.owner) == "dead":
                page.drop(name)


def _locked(lock: int) -> bool:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() >= until:
                return False
            _NEVER.wait(0.001)
        else:
            return True


_NEVER: Final = Event()
