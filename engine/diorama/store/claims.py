"""Single flight across processes: who is making which call, with a lease that runs out and a fencing token."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

from sqlalchemy import delete, update

from diorama.faults import DioramaError
from diorama.keys import Digest
from diorama.store.calls import CallStore
from diorama.store.plain import Plain, inserting
from diorama.store.tables import claims

CLAIM_SECONDS = 10.0
"""How long a claim holds without a sign of life; its owner renews it three times as often."""


@cache
def boot_id() -> str:
    """What names this boot of this machine: monotonic times of two boots must not be compared."""
    path = Path("/proc/sys/kernel/random/boot_id")
    return path.read_text().strip() if path.exists() else f"unknown boot of {platform.node()}"


class _Held(NamedTuple):
    """A claim as it lies in the database."""

    owner: str
    boot: str
    token: int
    expires: float


_HELD = Plain("SELECT owner, boot, token, expires FROM claims WHERE key = ?")
_ADD = inserting(claims, ("owner", "boot", "token", "expires", "key"), "ON CONFLICT DO NOTHING")
_TAKE_OVER = Plain(
    "UPDATE claims SET owner = ?, boot = ?, token = ?, expires = ? WHERE key = ? AND owner = ? AND token = ?"
)

_Sign: TypeAlias = tuple[str, int, float]
"""What of a claim changes whenever its owner shows that it lives."""


class Claims:
    """The claims of one owner on a store."""

    def __init__(
        self,
        store: CallStore,
        owner: str,
        clock: Callable[[], float] = time.monotonic,
        seconds: float = CLAIM_SECONDS,
    ) -> None:
        self.store = store
        self.owner = owner
        self.clock = clock
        self.seconds = seconds
        self.held: dict[Digest, int] = {}
        self._has_taken = False
        self._seen: dict[Digest, tuple[_Sign, float]] = {}

    def take(self, keys: Sequence[Digest]) -> dict[Digest, int]:
        """Claim calls; gives the fencing token of each that is now this owner's. The others belong to someone alive."""
        taken: dict[Digest, int] = {}
        now = self.clock()
        with self.store.writing() as connection:
            # In one order everywhere: two that wait for each other's rows would both have to give up.
            for key in sorted(keys):
                held = [_Held(*row) for row in _HELD.rows(connection, key)]
                if held and self._is_alive(key, held[0], now):
                    continue
                token = held[0].token + 1 if held else 1
                mine = (self.owner, boot_id(), token, now + self.seconds)
                if held:
                    is_mine = _TAKE_OVER.many(connection, [(*mine, key, held[0].owner, held[0].token)])
                else:
                    is_mine = _ADD.many(connection, [(*mine, key)])
                if is_mine:
                    taken[key] = token
                    self._seen.pop(key, None)
        self.held.update(taken)
        self._has_taken = self._has_taken or bool(taken)
        return taken

    def _is_alive(self, key: Digest, row: _Held, now: float) -> bool:
        """Whether another's claim holds.

        Its end is on the clock of the boot it names. In a database that machines share that may be another one's:
        then the claim holds until it has stood still for its length, as seen by the clock here.
        """
        if row.owner == self.owner:
            return False
        if row.boot == boot_id():
            return row.expires > now
        if not self.store.dialect.spans_machines:
            return False
        sign: _Sign = (row.owner, row.token, row.expires)
        seen, since = self._seen.get(key, (sign, now))
        if seen != sign:
            since = now
        self._seen[key] = (sign, since)
        return now - since < self.seconds

    def renew(self) -> None:
        """Show that the owner lives."""
        if self.held:
            with self.store.writing() as connection:
                statement = update(claims).where(claims.c.owner == self.owner)
                connection.execute(statement.values(expires=self.clock() + self.seconds))

    def release(self, keys: Sequence[Digest]) -> None:
        """Let claims go without a result: the call failed or was cancelled."""
        mine = [key for key in keys if key in self.held]
        if mine:
            with self.store.writing() as connection:
                statement = delete(claims).where(claims.c.owner == self.owner, claims.c.key.in_(mine))
                connection.execute(statement)
        for key in mine:
            self.held.pop(key, None)

    def close(self) -> None:
        """Let every claim go, those of results that could not be written too, so that nobody waits for them."""
        if self._has_taken:
            with suppress(DioramaError), self.store.writing() as connection:
                connection.execute(delete(claims).where(claims.c.owner == self.owner))
        self.held.clear()
