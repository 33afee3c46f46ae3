"""How long the record of a run is kept: its events, log and manifest go, the run itself stays in the list."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, exists, literal, or_, select, tuple_, update

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
    before = None if older_than_seconds is None else store.wall() - older_than_seconds
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


def _recorded(connection: Connection, before: float | None, keep: int | None) -> list[str]:
    """Some of the runs to be pruned that have a record still."""
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
        return []
    has_record = or_(runs.c.manifest.is_not(None), exists().where(events.c.run == runs.c.id))
    statement = select(runs.c.id).where(ended, or_(*beyond), has_record).order_by(runs.c.id).limit(QUERY_KEYS)
    return list(connection.execute(statement).scalars())


def _forget(connection: Connection, found: list[str]) -> int:
    connection.execute(delete(logs).where(logs.c.run.in_(found)))
    connection.execute(update(runs).where(runs.c.id.in_(found)).values(manifest=None))
    return connection.execute(delete(events).where(events.c.run.in_(found))).rowcount
