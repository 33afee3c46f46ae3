"""Whose run goes next: by priority, then each client in turn, with a bound on how long anyone is passed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from diorama.store.dialects import in_each_dialect

AGED_SECONDS = 60.0
AGED_EVERY = 8
"""Every 8th claim takes the run that waits longest, whatever its priority, once it has waited for a minute."""
MOST_CLIENTS = 10_000
"""Clients of whom it is kept when they were last served."""
HIGHEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Limits:
    """How many runs may be under way at once: those of one server, and those of one client on all of them."""

    max_running: int
    max_running_per_client: int | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The first run of a client's queue within a priority."""

    client: str
    id: str
    position: float
    created: float


class Turns:
    """Chooses among queued runs; remembers when this process last served whom."""

    def __init__(self) -> None:
        self._served: dict[str, int] = {}
        self._claims = 0

    def next(self, connection: Connection, running: Mapping[str, int], most: int | None, now: float) -> Head | None:
        """The run to begin next, or None where no client may have another. `running` counts those under way."""
        if (self._claims + 1) % AGED_EVERY == 0 and (aged := self._aged(connection, running, most, now)):
            return aged
        priority = next_level(connection, HIGHEST)
        while priority is not None:
            heads = [head for head in heads_of(connection, priority) if _may(head, running, most)]
            if heads:
                return min(heads, key=lambda head: self._turn(head, running))
            priority = next_level(connection, priority - 1)
        return None

    def served(self, client: str) -> None:
        """Note that a run of this client was begun."""
        self._claims += 1
        self._served.pop(client, None)
        self._served[client] = self._claims
        if len(self._served) > MOST_CLIENTS:
            del self._served[next(iter(self._served))]

    def _turn(self, head: Head, running: Mapping[str, int]) -> tuple[int, int, float, str]:
        return running.get(head.client, 0), self._served.get(head.client, 0), head.position, head.id

    def _aged(self, connection: Connection, running: Mapping[str, int], most: int | None, now: float) -> Head | None:
        oldest: Head | None = None
        priority = next_level(connection, HIGHEST)
        while priority is not None:
            for head in heads_of(connection, priority):
                is_older = oldest is None or head.created < oldest.created
                if is_older and now - head.created > AGED_SECONDS and _may(head, running, most):
                    oldest = head
            priority = next_level(connection, priority - 1)
        return oldest


def _may(head: Head, running: Mapping[str, int], most: int | None) -> bool:
    return most is None or running.get(head.client, 0) < most


def next_level(connection: Connection, most: int) -> int | None:
    """The highest priority up to `most` that a queued run has."""
    found: int | None = connection.exec_driver_sql(_LEVEL[connection.dialect.name], (most,)).scalar()
    return found


def heads_of(connection: Connection, priority: int) -> list[Head]:
    """The first queued run of each client within a priority, by one step through the index for each client."""
    rows = connection.exec_driver_sql(_HEADS[connection.dialect.name], (priority, priority))
    return [Head(*row) for row in rows]


_LEVEL = in_each_dialect(
    "SELECT priority FROM runs WHERE state = 'queued' AND priority <= ? ORDER BY priority DESC LIMIT 1"
)
_HEADS = in_each_dialect(
    """
    WITH RECURSIVE heads (client, id, position, created) AS (
        SELECT * FROM (
            SELECT client, id, position, created FROM runs WHERE state = 'queued' AND priority = ?
            ORDER BY client, position, id LIMIT 1
        ) AS first
        UNION ALL
        SELECT run.client, run.id, run.position, run.created
        FROM heads JOIN runs AS run ON run.id = (
            SELECT later.id FROM runs AS later
            WHERE later.state = 'queued' AND later.priority = ? AND later.client > heads.client
            ORDER BY later.client, later.position, later.id LIMIT 1
        )
    )
    SELECT client, id, position, created FROM heads
    """
)
