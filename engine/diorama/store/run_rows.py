"""Runs as they lie in the database: what is put in, and what is read back, one by one and in lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias, TypedDict, Unpack

from sqlalchemy import func, select

from diorama.refusals import NoSuch
from diorama.store.calls import CallStore
from diorama.store.pages import MOST_ITEMS, Page, newest_first, page_of, read_cursor
from diorama.store.plain import Plain
from diorama.store.tables import batches, runs

Fence: TypeAlias = tuple[str, int]
"""Owner and token under which a run was claimed: who has an old one is refused."""
ENDED = ("succeeded", "failed", "cancelled")
"""States that a run leaves only when someone asks for it again."""


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run to be queued. `graph` and the others are as the table `runs` has them."""

    id: str
    title: str
    graph: bytes
    parameters: bytes
    options: bytes = b"{}"
    client: str = "local"
    project: str | None = None
    batch: str | None = None
    saved: tuple[str, int] | None = None
    priority: int = 0


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run's row but for what may be large: its graph and its manifest."""

    id: str
    state: str
    title: str
    parameters: bytes
    options: bytes
    faults: bytes
    results: bytes | None
    client: str
    project: str | None
    batch: str | None
    saved: str | None
    saved_version: int | None
    priority: int
    position: float
    owner: str | None
    token: int
    wish: str | None
    attempt: int
    created: float
    started: float | None
    ended: float | None


class Wanted(TypedDict, total=False):
    """What runs in a list have in common; None stands for anything."""

    state: str | None
    project: str | None
    batch: str | None
    saved: str | None
    client: str | None
    title: str | None


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch and how many of its runs are in each state."""

    id: str
    title: str
    client: str
    runs: int
    created: float
    states: Mapping[str, int]


Standing: TypeAlias = tuple[RunRow, int]
"""A run and the number of its newest event, 0 where it has none: as of one moment."""
COLUMNS = tuple(runs.c[name] for name in RunRow.__dataclass_fields__)


def run_row_of(row: Sequence[Any]) -> RunRow:
    """A run from the columns `COLUMNS`."""
    return RunRow(*row)


class RunRows:
    """Reads runs and batches."""

    def __init__(self, store: CallStore) -> None:
        self.store = store

    def get(self, run: str) -> RunRow:
        """A run by its id; raises `NoSuch`."""
        return self.standing(run)[0]

    def standing(self, run: str) -> Standing:
        """A run by its id as it stands; raises `NoSuch`."""
        with self.store.reading() as connection:
            found = _BY_ID.rows(connection, run)
        if not found:
            raise NoSuch("run", run)
        return _standing_of(found[0])

    def graph(self, run: str) -> bytes:
        """The graph that a run was made of, its own or that of its batch; raises `NoSuch`."""
        statement = select(runs.c.graph, batches.c.graph).outerjoin(batches, runs.c.batch == batches.c.id)
        with self.store.reading() as connection:
            row = connection.execute(statement.where(runs.c.id == run)).first()
        if row is None:
            raise NoSuch("run", run)
        return bytes(row[0] or row[1] or b"")

    def page(self, *, cursor: str | None = None, limit: int = 50, **wanted: Unpack[Wanted]) -> Page[RunRow]:
        """Runs for which all that is given holds, the newest first."""
        found = self.standings(cursor=cursor, limit=limit, **wanted)
        return Page([row for row, _ in found.items], found.next)

    def standings(self, *, cursor: str | None = None, limit: int = 50, **wanted: Unpack[Wanted]) -> Page[Standing]:
        """Runs for which all that is given holds, as they stand, the newest first."""
        given = {name: value for name, value in wanted.items() if value is not None}
        after = () if cursor is None else read_cursor(cursor)
        listing = _listing(tuple(given), cursor is not None)
        with self.store.reading() as connection:
            rows = listing.rows(connection, *given.values(), *after, min(limit, MOST_ITEMS) + 1)
        return page_of(rows, limit, _standing_of, lambda one: (one[0].created, one[0].id))

    def waiting(self, limit: int) -> list[Standing]:
        """The queued runs that go first: by priority, then by place. Clients of one priority take turns besides."""
        with self.store.reading() as connection:
            return [_standing_of(row) for row in _WAITING.rows(connection, limit)]

    def counts(self, batch: str | None = None, states: Sequence[str] = ()) -> dict[str, int]:
        """How many runs are in each state, or in each of some, of one batch or of all."""
        statement = select(runs.c.state, func.count()).group_by(runs.c.state)
        if batch is not None:
            statement = statement.where(runs.c.batch == batch)
        if states:
            statement = statement.where(runs.c.state.in_(states))
        with self.store.reading() as connection:
            return dict(connection.execute(statement).all())

    def batch(self, batch: str) -> BatchRow:
        """A batch by its id; raises `NoSuch`."""
        with self.store.reading() as connection:
            row = connection.execute(select(*_BATCH).where(batches.c.id == batch)).first()
        if row is None:
            raise NoSuch("batch", batch)
        return _batch_of(row, self.counts(batch))

    def batches(self, client: str | None = None, cursor: str | None = None, limit: int = 50) -> Page[BatchRow]:
        """Batches, the newest first."""
        statement = select(*_BATCH) if client is None else select(*_BATCH).where(batches.c.client == client)
        with self.store.reading() as connection:
            rows = connection.execute(newest_first(statement, batches.c.created, batches.c.id, cursor, limit)).all()
        counted = self._states_of([row.id for row in rows])
        return page_of(
            rows,
            limit,
            lambda row: _batch_of(row, counted.get(row.id, {})),
            lambda batch: (batch.created, batch.id),
        )

    def _states_of(self, ids: Sequence[str]) -> dict[str, dict[str, int]]:
        statement = select(runs.c.batch, runs.c.state, func.count()).where(runs.c.batch.in_(ids))
        counted: dict[str, dict[str, int]] = {}
        with self.store.reading() as connection:
            for batch, state, count in connection.execute(statement.group_by(runs.c.batch, runs.c.state)):
                counted.setdefault(batch, {})[state] = count
        return counted

    def last_seq(self, run: str) -> int:
        """The number of a run's newest event; 0 where it has none."""
        with self.store.reading() as connection:
            return sum(seq for (seq,) in _LAST_SEQ.rows(connection, run))


_SEQ = "COALESCE((SELECT max(events.seq) FROM events WHERE events.run = runs.id), 0)"
"""One step into the index for each run: grouping would go through every event."""
_STANDING = f"SELECT {', '.join(f'runs.{column.name}' for column in COLUMNS)}, {_SEQ} FROM runs"  # noqa: S608
_BY_ID = Plain(f"{_STANDING} WHERE runs.id = ?")
_WAITING = Plain(
    f"{_STANDING} WHERE runs.state = 'queued' ORDER BY runs.priority DESC, runs.position, runs.id LIMIT ?", lists=True
)
_LAST_SEQ = Plain(f"SELECT {_SEQ} FROM runs WHERE runs.id = ?")  # noqa: S608


@cache
def _listing(names: tuple[str, ...], has_cursor: bool) -> Plain:
    """Lists the runs that have a given value in each of these columns, the newest first."""
    wanted = [f"runs.{name} = ?" for name in names] + ["(runs.created, runs.id) < (?, ?)"] * has_cursor
    where = f" WHERE {' AND '.join(wanted)}" if wanted else ""
    return Plain(f"{_STANDING}{where} ORDER BY runs.created DESC, runs.id DESC LIMIT ?", lists=True)


def _standing_of(row: Sequence[Any]) -> Standing:
    return RunRow(*row[:-1]), row[-1]


_BATCH = (batches.c.id, batches.c.title, batches.c.client, batches.c.runs, batches.c.created)


def _batch_of(row: Sequence[Any], states: Mapping[str, int]) -> BatchRow:
    id_, title, client, count, created = row
    return BatchRow(id_, title, client, count, created, states)
