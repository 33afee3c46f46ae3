"""How long the record of a run is kept: its events, log and manifest go, the run itself stays in the list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from diorama.store.by_keys import QUERY_KEYS
from diorama.store.calls import CallStore
from diorama.store.run_rows import ENDED
from diorama.store.tables import events, logs, promises, runs


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was taken away: the record of so many runs, and their events."""

    runs: int
    events: int


def prune(store: CallStore, older_than_seconds: float | None = None, keep: int | None = None) -> Pruned:
    """Take away the record of runs that ended longer ago, and of all but the newest `keep` that ended.

    With an age, idempotency keys of that age are forgotten too. Runs that have not ended keep all of theirs.
    """
    before = _moment(store, older_than_seconds)
    if before is not None:
        with store.writing() as connection:
            connection.execute(delete(promises).where(promises.c.created < before))
    pruned = Pruned(0, 0)
    while True:
        with store.writing() as connection:
            found = _recorded(connection, before, keep)
            if not found:
                return pruned
            pruned = Pruned(pruned.runs + len(found), pruned.events + _forget(connection, found))


def prunable(store: CallStore, older_than_seconds: float | None = None, keep: int | None = None) -> Pruned:
    """What `prune` would take away now; nothing is."""
    with store.reading() as connection:
        chosen = _chosen(connection, _moment(store, older_than_seconds), keep)
        if chosen is None:
            return Pruned(0, 0)
        found = select(func.count()).select_from(chosen.subquery())
        told = select(func.count()).select_from(events).where(events.c.run.in_(chosen))
        return Pruned(connection.execute(found).scalar_one(), connection.execute(told).scalar_one())


def _moment(store: CallStore, older_than_seconds: float | None) -> float | None:
    return None if older_than_seconds is None else store.wall() - older_than_seconds


def _recorded(connection: Connection, before: float | None, keep: int | None) -> list[str]:
    """Some of the runs to be pruned that have a record still."""
    chosen = _chosen(connection, before, keep)
    if chosen is None:
        return []
    return list(connection.execute(chosen.order_by(runs.c.id).limit(QUERY_KEYS)).scalars())


def _chosen(connection: Connection, before: float | None, keep: int | None) -> Select[Any] | None:
    """The runs to be pruned that have a record still; None where nothing says which."""
    ended = runs.c.state.in_(ENDED)
    beyond: list[ColumnElement[bool]] = []
    if before is not None:
        beyond.append(runs.c.ended < before)
    if keep is not None:
        newest = select(runs.c.ended, runs.c.id).where(ended).order_by(runs.c.ended.desc(), runs.c.id.desc())
        last = connection.execute(newest.limit(1).offset(keep)).first()
        if last is not None:
            beyond.append(tuple_(runs.c.ended, runs.c.id) <= tuple_(literal(last.ended), literal(last.id)))
    if not beyond:
        return None
    has_record = or_(runs.c.manifest.is_not(None), exists().where(events.c.run == runs.c.id))
    return select(runs.c.id).where(ended, or_(*beyond), has_record)


def _forget(connection: Connection, found: list[str]) -> int:
    connection.execute(delete(logs).where(logs.c.run.in_(found)))
    connection.execute(update(runs).where(runs.c.id.in_(found)).values(manifest=None))
    return connection.execute(delete(events).where(events.c.run.in_(found))).rowcount
