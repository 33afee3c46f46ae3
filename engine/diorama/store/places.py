"""Places in the queue: at its end, before or after another run, and how many runs go before."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, func, select, update

from diorama.faults import DioramaError, failure
from diorama.refusals import NoSuch, WrongState
from diorama.store.run_rows import COLUMNS, RunRow, run_row_of
from diorama.store.tables import runs
from diorama.store.turns import heads_of

STEP = 1e-3
"""Between the positions of two runs; half of it fits between them, and half of that, a dozen times."""
FARTHEST = 1000
"""Beyond so many runs nobody is told how many go before."""


def end_of(connection: Connection, priority: int, client: str, now: float) -> float:
    """A position behind all runs of a client within a priority, and behind those that were there before."""
    last: float | None = connection.execute(select(func.max(runs.c.position)).where(*_queue(priority, client))).scalar()
    return now if last is None else max(now, last + STEP)


def not_as_wanted(connection: Connection, run: str, wanted: str) -> DioramaError:
    """Why a run was not changed: it is not there, or its state is another."""
    found = connection.execute(select(runs.c.state).where(runs.c.id == run)).scalar()
    return NoSuch("run", run) if found is None else WrongState(run, found, wanted)


def move(
    connection: Connection, run: str, priority: int | None, before: str | None, after: str | None, now: float
) -> RunRow:
    """Move a queued run; see `Queue.move`."""
    moved = _queued(connection, run)
    other = before or after
    if other is None:
        level = moved.priority if priority is None else priority
        place = moved.position if level == moved.priority else end_of(connection, level, moved.client, now)
        return _placed(connection, run, level, place)
    beside = _queued(connection, other)
    if beside.client != moved.client:
        said = f"runs {run} and {other} are of different clients, who take turns; a priority puts one before the other"
        raise failure("Q004", run, said)
    place = _beside(connection, beside, run, is_before=before is not None)
    return _placed(connection, run, beside.priority, place)


def _queued(connection: Connection, run: str) -> RunRow:
    row = connection.execute(select(*COLUMNS).where(runs.c.id == run, runs.c.state == "queued")).first()
    if row is None:
        raise not_as_wanted(connection, run, "queued")
    return run_row_of(row)


def _placed(connection: Connection, run: str, priority: int, position: float) -> RunRow:
    statement = update(runs).where(runs.c.id == run, runs.c.state == "queued")
    row = connection.execute(statement.values(priority=priority, position=position).returning(*COLUMNS)).first()
    if row is None:
        raise not_as_wanted(connection, run, "queued")
    return run_row_of(row)


def _beside(connection: Connection, beside: RunRow, run: str, *, is_before: bool) -> float:
    """A position next to a run's; where two are as near as numbers can be, the client's queue is spread anew."""
    for _ in range(2):
        here = _queued(connection, beside.id).position
        column = runs.c.position
        wanted = (*_queue(beside.priority, beside.client), runs.c.id.not_in((run, beside.id)))
        side = column <= here if is_before else column >= here
        nearest = func.max(column) if is_before else func.min(column)
        next_: float | None = connection.execute(select(nearest).where(*wanted, side)).scalar()
        place = (here + next_) / 2 if next_ is not None else here + (-STEP if is_before else STEP)
        if place not in (here, next_):
            return place
        _spread(connection, beside.priority, beside.client)
    raise AssertionError("a queue that was spread has no room")


def _spread(connection: Connection, priority: int, client: str) -> None:
    """Give the runs of a queue positions that are a step apart, in the order they have."""
    statement = select(runs.c.id, runs.c.position).where(*_queue(priority, client))
    found = connection.execute(statement.order_by(runs.c.position, runs.c.id)).all()
    for number, row in enumerate(found):
        connection.execute(update(runs).where(runs.c.id == row.id).values(position=found[0].position + number * STEP))


def place_of(connection: Connection, run: RunRow) -> int | None:
    """About how many runs go before a queued one: those of a higher priority, and each client's share of turns."""
    if run.state != "queued":
        return None
    waiting = runs.c.state == "queued"
    own = _count(connection, *_queue(run.priority, run.client), runs.c.position < run.position, most=FARTHEST + 1)
    ahead = own + _count(connection, waiting, runs.c.priority > run.priority, most=FARTHEST + 1)
    for head in heads_of(connection, run.priority):
        if ahead > FARTHEST:
            return None
        if head.client != run.client:
            ahead += _count(connection, *_queue(run.priority, head.client), most=own + (head.position < run.position))
    return ahead if ahead <= FARTHEST else None


def _queue(priority: int, client: str) -> tuple[ColumnElement[bool], ...]:
    return runs.c.state == "queued", runs.c.priority == priority, runs.c.client == client


def _count(connection: Connection, *wanted: ColumnElement[bool], most: int) -> int:
    """How many queued runs there are, counted no further than `most`."""
    part = select(runs.c.id).where(*wanted).limit(most).subquery()
    return connection.execute(select(func.count()).select_from(part)).scalar_one()
