"""Single flight across processes: who is making which call, with a lease that runs out and a fencing token."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from sqlalchemy import delete, insert, select, update

from diorama.faults import DioramaError
from diorama.keys import Digest
from diorama.store.calls import CallStore
from diorama.store.tables import claims

CLAIM_SECONDS = 10.0
"""How long a claim holds without a sign of life; its owner renews it three times as often."""


@cache
def boot_id() -> str:
    """What names this boot of this machine: monotonic times of two boots must not be compared."""
    path = Path("/proc/sys/kernel/random/boot_id")
    return path.read_text().strip() if path.exists() else "unknown"


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

    def take(self, keys: Sequence[Digest]) -> dict[Digest, int]:
        """Claim calls; gives the fencing token of each that is now this owner's. The others belong to someone alive."""
        taken: dict[Digest, int] = {}
        now = self.clock()
        with self.store.writing() as connection:
            for key in keys:
                row = connection.execute(select(claims).where(claims.c.key == key)).first()
                if row is not None and row.owner != self.owner and row.boot == boot_id() and row.expires > now:
                    continue
                token = 1 if row is None else row.token + 1
                values = {"owner": self.owner, "boot": boot_id(), "token": token, "expires": now + self.seconds}
                if row is None:
                    connection.execute(insert(claims).values(key=key, **values))
                else:
                    connection.execute(update(claims).where(claims.c.key == key).values(**values))
                taken[key] = token
        self.held.update(taken)
        self._has_taken = self._has_taken or bool(taken)
        return taken

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
