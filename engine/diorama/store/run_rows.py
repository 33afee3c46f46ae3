"""Runs as they lie in the database: what is put in, and what is read back, one by one and in lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import func, select

from diorama.refusals import NoSuch
from diorama.store.calls import CallStore
from diorama.store.pages import Page, newest_first, page_of
from diorama.store.tables import batches, events, runs

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


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch and how many of its runs are in each state."""

    id: str
    title: str
    client: str
    runs: int
    created: float
    states: Mapping[str, int]


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
        with self.store.reading() as connection:
            row = connection.execute(select(*COLUMNS).where(runs.c.id == run)).first()
        if row is None:
            raise NoSuch("run", run)
        return run_row_of(row)

    def graph(self, run: str) -> bytes:
        """The graph that a run was made of, its own or that of its batch; raises `NoSuch`."""
        statement = select(runs.c.graph, batches.c.graph).outerjoin(batches, runs.c.batch == batches.c.id)
        with self.store.reading() as connection:
            row = connection.execute(statement.where(runs.c.id == run)).first()
        if row is None:
            raise NoSuch("run", run)
        return bytes(row[0] or row[1] or b"")

    def page(
        self,
        *,
        state: str | None = None,
        project: str | None = None,
        batch: str | None = None,
        saved: str | None = None,
        client: str | None = None,
        title: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[RunRow]:
        """Runs for which all that is given holds, the newest first."""
        given = {"state": state, "project": project, "batch": batch, "saved": saved, "client": client, "title": title}
        wanted = [runs.c[name] == value for name, value in given.items() if value is not None]
        statement = newest_first(select(*COLUMNS).where(*wanted), runs.c.created, runs.c.id, cursor, limit)
        with self.store.reading() as connection:
            rows = connection.execute(statement).all()
        return page_of(rows, limit, run_row_of, lambda run: (run.created, run.id))

    def waiting(self, limit: int) -> list[RunRow]:
        """The queued runs that go first: by priority, then by place. Clients of one priority take turns besides."""
        wanted = select(*COLUMNS).where(runs.c.state == "queued")
        first = wanted.order_by(runs.c.priority.desc(), runs.c.position, runs.c.id).limit(limit)
        with self.store.reading() as connection:
            return [run_row_of(row) for row in connection.execute(first)]

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
        return self.last_seqs([run])[run]

    def last_seqs(self, ids: Sequence[str]) -> dict[str, int]:
        """The number of each run's newest event; 0 for one that has none."""
        # Grouping would go through every event of the runs; so each costs one step into the index.
        newest = select(func.max(events.c.seq)).where(events.c.run == runs.c.id).correlate(runs).scalar_subquery()
        statement = select(runs.c.id, func.coalesce(newest, 0)).where(runs.c.id.in_(ids))
        with self.store.reading() as connection:
            return dict.fromkeys(ids, 0) | dict(connection.execute(statement).all())


_BATCH = (batches.c.id, batches.c.title, batches.c.client, batches.c.runs, batches.c.created)


def _batch_of(row: Sequence[Any], states: Mapping[str, int]) -> BatchRow:
    id_, title, client, count, created = row
    return BatchRow(id_, title, client, count, created, states)
