"""Tickets: what a browser shows in place of its key where it can send no header, once and within half a minute."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Final

from diorama.server.security.callers import Caller

TICKET_SECONDS: Final = 30.0
MOST_TICKETS: Final = 10_000
"""Tickets that wait to be used; beyond it the oldest lapse."""


class Tickets:
    """The tickets of one server, in memory: after a restart nobody holds one, and asking for another costs nothing."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waiting: OrderedDict[str, tuple[Caller, float]] = OrderedDict()
        self._lock = Lock()

    def issue(self, caller: Caller) -> str:
        """A ticket for what this caller may do."""
        ticket = f"tkt_{secrets.token_urlsafe(32)}"
        with self._lock:
            self._waiting[ticket] = (caller, self._clock() + TICKET_SECONDS)
            while len(self._waiting) > MOST_TICKETS:
                self._waiting.popitem(last=False)
        return ticket

    def redeem(self, ticket: str) -> Caller | None:
        """The caller that a ticket was issued to; None where it is unknown, used or too old. It is used up by this."""
        with self._lock:
            caller, ends = self._waiting.pop(ticket, (None, 0.0))
        return caller if caller is not None and self._clock() < ends else None
