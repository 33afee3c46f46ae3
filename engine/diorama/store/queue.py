"""The durable queue: runs accepted, claimed in turn, moved, cancelled and let go, each step one transaction.

docs/design/queue.md tells the order of turns, and how owners and tokens keep the dead from doing harm.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from diorama.keys import Digest
from diorama.refusals import KeyReused, NoSuch, WrongState
from diorama.store.by_keys import QUERY_KEYS
from diorama.store.calls import CallStore
from diorama.store.fault_points import reach
from diorama.store.places import STEP, end_of, move, not_as_wanted, place_of
from diorama.store.plain import inserting
from diorama.store.run_rows import COLUMNS, Fence, NewRun, RunRow, run_row_of
from diorama.store.tables import artefacts, batches, events, promises, runs
from diorama.store.turns import Limits, Turns
from diorama.store.upserts import adding

SPREAD = 1e-6
"""Seconds between the times at which the runs of one submission count as created, so that lists have an order."""
CLAIMING = 2
"""Number of the lock under which one server at a time takes a run."""
Tell: TypeAlias = Callable[[str, int], bytes]
"""Gives the event that a run's journal gets, by the run's id and the event's number."""
Wish = Literal["cancel", "pause"]


@dataclass(frozen=True, slots=True)
class NewBatch:
    """Runs that are submitted together for one graph."""

    id: str
    title: str
    client: str
    graph: bytes


@dataclass(frozen=True, slots=True)
class Promise:
    """An idempotency key with the digest of what is asked for under it."""

    client: str
    key: str
    request: Digest


@dataclass(frozen=True, slots=True)
class Promised:
    """What an earlier submission with the same key led to."""

    kind: Literal["run", "batch"]
    id: str


class Queue:
    """The queue of a store, which several servers may share."""

    def __init__(self, store: CallStore) -> None:
        self.store = store
        self.turns = Turns()

    def add(
        self,
        new: Sequence[NewRun],
        *,
        batch: NewBatch | None = None,
        promise: Promise | None = None,
        tell: Tell | None = None,
        owner: str | None = None,
        now: float | None = None,
    ) -> Promised | None:
        """Accept runs, all or none; they are on the disk when this returns.

        Those given an `owner` do not wait: that server has them under way, with 1 for their token. `now` is when
        they count as created, where that was told already. Gives what the
        promise's key led to earlier, where it was seen: then nothing is added. Raises `KeyReused` where it was
        another request.
        """
        now = self.store.wall() if now is None else now
        with self.store.promising() as connection:
            if promise is not None:
                made = Promised("batch", batch.id) if batch is not None else Promised("run", new[0].id)
                earlier = _promised(connection, promise, made, now)
                if earlier is not None:
                    return earlier
            if batch is not None:
                row = {name: getattr(batch, name) for name in NewBatch.__dataclass_fields__}
                connection.execute(insert(batches), row | {"runs": len(new), "created": now})
            if owner is None:
                _ADD.many(connection, [list(row.values()) for row in _rows_of(connection, new, now)])
            else:
                begun = [_row_of(run, now, now) | _begun(owner, now) for run in new]
                _ADD_BEGUN.many(connection, [list(row.values()) for row in begun])
            if tell is not None:
                _tell(connection, {run.id: 0 for run in new}, tell)
            reach("queue-written")
        reach("queue-committed")
        return None

    def claim_next(self, owner: str, limits: Limits) -> RunRow | None:
        """Take the run whose turn it is for a server: it is `running`, its token has grown, as has its attempt.

        None where nothing is queued, or as many runs are under way as the limits allow.
        """
        with self.store.writing() as connection:
            self.store.dialect.exclude(connection, CLAIMING)
            claimed = self._claim(connection, owner, limits)
            reach("claim-written")
        reach("claim-committed")
        return claimed

    def has_waiting(self) -> bool:
        """Whether any run is queued: a look that keeps nobody from writing."""
        with self.store.reading() as connection:
            return connection.execute(_WAITING).first() is not None

    def _claim(self, connection: Connection, owner: str, limits: Limits) -> RunRow | None:
        mine, by_client = _under_way(connection, owner)
        if mine >= limits.max_running:
            return None
        now = self.store.wall()
        while (head := self.turns.next(connection, by_client, limits.max_running_per_client, now)) is not None:
            row = connection.execute(_CLAIM, {"wanted": head.id, "new_owner": owner, "now": now}).first()
            if row is not None:
                self.turns.served(head.client)
                return run_row_of(row)
            # Cancelled by another server since it was seen: the next look does not see it.
        return None

    def set_state(
        self,
        run: str,
        expected: Collection[str],
        state: str,
        *,
        fence: Fence | None = None,
        tell: Tell | None = None,
        **columns: bytes | float | str | None,
    ) -> RunRow:
        """Bring a run from one of the expected states to another, on the disk when this returns.

        It has no owner then and no wish. Raises `NoSuch`, or `WrongState` where its state is another, or where it
        is no longer under way under the owner and token of `fence`. `columns` are set with it.
        """
        statement = update(runs).where(runs.c.id == run, runs.c.state.in_(expected))
        if fence is not None:
            statement = statement.where(runs.c.owner == fence[0], runs.c.token == fence[1])
        statement = statement.values(state=state, owner=None, wish=None, **columns).returning(*COLUMNS)
        with self.store.promising() as connection:
            row = connection.execute(statement).first()
            if row is None:
                wanted = " or ".join(expected) if fence is None else f"still with server {fence[0]}"
                raise not_as_wanted(connection, run, wanted)
            _tell(connection, _last_seqs(connection, [run]), tell)
            reach("state-written")
        reach("state-committed")
        return run_row_of(row)

    def requeue(
        self,
        run: str,
        expected: Collection[str],
        *,
        at_end: bool = False,
        fence: Fence | None = None,
        tell: Tell | None = None,
    ) -> RunRow:
        """Queue a run again, in its old place or behind its client's others; what it gave before is taken off record.

        Raises as `set_state` does.
        """
        with self.store.promising() as connection:
            found = connection.execute(select(*COLUMNS).where(runs.c.id == run)).first()
            if found is None:
                raise NoSuch("run", run)
            place = found.position
            if at_end:
                place = end_of(connection, found.priority, found.client, self.store.wall())
            statement = update(runs).where(runs.c.id == run, runs.c.state.in_(expected))
            if fence is not None:
                statement = statement.where(runs.c.owner == fence[0], runs.c.token == fence[1])
            again = {"state": "queued", "owner": None, "wish": None, "ended": None, "faults": b"[]", "position": place}
            again |= {"manifest": None, "results": None}
            row = connection.execute(statement.values(**again).returning(*COLUMNS)).first()
            if row is None:
                raise WrongState(run, found.state, " or ".join(expected))
            connection.execute(delete(artefacts).where(artefacts.c.run == run))
            _tell(connection, _last_seqs(connection, [run]), tell)
            reach("state-written")
        reach("state-committed")
        return run_row_of(row)

    def cancel(
        self,
        *,
        run: str | None = None,
        batch: str | None = None,
        client: str | None = None,
        states: Collection[str] = ("queued",),
        tell: Tell | None = None,
    ) -> list[str]:
        """Cancel the runs that wait: one, those of a batch or a client, or all. Gives those that this cancelled.

        They are cancelled on the disk when this returns, and will not start.
        """
        wanted = {"id": run, "batch": batch, "client": client}
        statement = update(runs).where(runs.c.state.in_(states))
        statement = statement.where(*(runs.c[name] == value for name, value in wanted.items() if value is not None))
        statement = statement.values(state="cancelled", ended=self.store.wall(), owner=None, wish=None)
        with self.store.promising() as connection:
            cancelled = list(connection.execute(statement.returning(runs.c.id)).scalars())
            _tell(connection, _last_seqs(connection, cancelled), tell)
            reach("state-written")
        reach("state-committed")
        return cancelled

    def wish(self, run: str, wish: Wish) -> str | None:
        """Ask the server that has a run under way for something; gives that server, or None where none has it.

        A cancel that was asked for stays.
        """
        statement = update(runs).where(runs.c.id == run, runs.c.state == "running", runs.c.owner.is_not(None))
        if wish != "cancel":
            statement = statement.where(runs.c.wish.is_distinct_from("cancel"))
        with self.store.promising() as connection:
            row = connection.execute(statement.values(wish=wish).returning(runs.c.owner)).first()
            if row is None:
                row = connection.execute(select(runs.c.owner).where(runs.c.id == run)).first()
        return row.owner if row is not None else None

    def wishes(self, owner: str) -> dict[str, str]:
        """What other servers asked of the runs that this one has under way."""
        wanted = (runs.c.owner == owner, runs.c.wish.is_not(None))
        with self.store.reading() as connection:
            return dict(connection.execute(select(runs.c.id, runs.c.wish).where(*wanted)).all())

    def owned(self, owner: str) -> dict[str, int]:
        """The runs that a server has under way, with the token of each."""
        with self.store.reading() as connection:
            rows = connection.execute(select(runs.c.id, runs.c.token).where(runs.c.owner == owner))
            return dict(rows.all())

    def interrupt(self, owner: str, *, tell: Tell | None = None, tell_cancelled: Tell | None = None) -> list[RunRow]:
        """Take what a dead server had under way from it: its runs are `interrupted`, or cancelled where that was asked.

        `tell` gives the event for those that are interrupted, `tell_cancelled` for the others.
        """
        statement = select(*COLUMNS).where(runs.c.owner == owner, runs.c.state == "running").order_by(runs.c.id)
        with self.store.promising() as connection:
            found = connection.execute(statement.with_for_update()).all()
            now = self.store.wall()
            taken = [self._interrupted(connection, run_row_of(row), now) for row in found]
            for state, how in (("interrupted", tell), ("cancelled", tell_cancelled)):
                _tell(connection, _last_seqs(connection, [run.id for run in taken if run.state == state]), how)
            reach("state-written")
        reach("state-committed")
        return taken

    def owners(self) -> set[str]:
        """Every server that has runs under way by what their rows say, the dead among them."""
        statement = select(runs.c.owner).where(runs.c.owner.is_not(None), runs.c.state == "running").distinct()
        with self.store.reading() as connection:
            return {str(owner) for owner in connection.execute(statement).scalars()}

    def move(
        self, run: str, *, priority: int | None = None, before: str | None = None, after: str | None = None
    ) -> RunRow:
        """Give a queued run another priority, or a place before or after another queued run of its client.

        Raises `NoSuch`, `WrongState` where a run is not queued, or `DioramaError` (Q004) where the two are of
        different clients, who take turns.
        """
        with self.store.promising() as connection:
            return move(connection, run, priority, before, after, self.store.wall())

    def place(self, run: RunRow) -> int | None:
        """About how many runs go before a queued one; None beyond 1,000 or where it does not wait."""
        with self.store.reading() as connection:
            return place_of(connection, run)

    def delete(self, run: str, expected: Collection[str]) -> None:
        """Take a run away with its events, logs and artefact rows. Raises as `set_state` does."""
        with self.store.promising() as connection:
            gone = connection.execute(delete(runs).where(runs.c.id == run, runs.c.state.in_(expected)))
            if gone.rowcount == 0:
                raise not_as_wanted(connection, run, " or ".join(expected))

    def _interrupted(self, connection: Connection, run: RunRow, now: float) -> RunRow:
        is_cancelled = run.wish == "cancel"
        new = {"state": "cancelled" if is_cancelled else "interrupted", "ended": now if is_cancelled else None}
        statement = update(runs).where(runs.c.id == run.id)
        statement = statement.values(owner=None, wish=None, token=runs.c.token + 1, **new)
        return run_row_of(connection.execute(statement.returning(*COLUMNS)).one())


_WAITING = select(runs.c.id).where(runs.c.state == "queued").limit(1)
_CLAIM = (
    update(runs)
    .where(runs.c.id == bindparam("wanted"), runs.c.state == "queued")
    .values(
        state="running",
        owner=bindparam("new_owner"),
        token=runs.c.token + 1,
        attempt=runs.c.attempt + 1,
        started=bindparam("now"),
        wish=None,
    )
    .returning(*COLUMNS)
)


def _promised(connection: Connection, promise: Promise, made: Promised, now: float) -> Promised | None:
    """What the key led to earlier; where it is new, it is kept."""
    row = {"client": promise.client, "idempotency_key": promise.key, "request": promise.request}
    if connection.execute(
        adding(connection, promises), row | {"kind": made.kind, "id": made.id, "created": now}
    ).rowcount:
        return None
    wanted = (promises.c.client == promise.client, promises.c.idempotency_key == promise.key)
    earlier = connection.execute(select(promises).where(*wanted)).one()
    if earlier.request != promise.request:
        raise KeyReused(promise.key)
    return Promised(earlier.kind, earlier.id)


def _rows_of(connection: Connection, new: Sequence[NewRun], now: float) -> Iterator[Mapping[str, object]]:
    """Rows of new runs, each behind those of its client and priority."""
    ends: dict[tuple[int, str], float] = {}
    place = 0.0
    for number, run in enumerate(new):
        queue = (run.priority, run.client)
        if queue not in ends:
            ends[queue] = end_of(connection, *queue, now)
        place = max(ends[queue], place + STEP)
        yield _row_of(run, place, now + number * SPREAD)


def _row_of(run: NewRun, place: float, created: float) -> dict[str, object]:
    return {
        "id": run.id,
        "state": "queued",
        "title": run.title,
        "graph": run.graph,
        "parameters": run.parameters,
        "options": run.options,
        "faults": b"[]",
        "client": run.client,
        "project": run.project,
        "batch": run.batch,
        "saved": run.saved[0] if run.saved else None,
        "saved_version": run.saved[1] if run.saved else None,
        "priority": run.priority,
        "position": place,
        "token": 0,
        "attempt": 0,
        "created": created,
    }


_ROW = (
    *("id", "state", "title", "graph", "parameters", "options", "faults", "client", "project", "batch", "saved"),
    *("saved_version", "priority", "position", "token", "attempt", "created"),
)
_ADD = inserting(runs, _ROW)
_ADD_BEGUN = inserting(runs, (*_ROW, "owner", "started"))
_ADD_EVENTS = inserting(events, ("run", "seq", "event"))


def _begun(owner: str, now: float) -> dict[str, object]:
    return {"state": "running", "owner": owner, "token": 1, "attempt": 1, "started": now}


def _under_way(connection: Connection, owner: str) -> tuple[int, dict[str, int]]:
    """How many runs a server has under way, and how many each client has on all servers."""
    statement = select(runs.c.owner, runs.c.client, func.count()).where(
        runs.c.state == "running", runs.c.owner.is_not(None)
    )
    mine, by_client = 0, dict[str, int]()
    for has, client, count in connection.execute(statement.group_by(runs.c.owner, runs.c.client)):
        mine += count if has == owner else 0
        by_client[client] = by_client.get(client, 0) + count
    return mine, by_client


def _last_seqs(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """The number of each run's newest event."""
    found = dict.fromkeys(ids, 0)
    for start in range(0, len(ids), QUERY_KEYS):
        part = ids[start : start + QUERY_KEYS]
        statement = select(events.c.run, func.max(events.c.seq)).where(events.c.run.in_(part)).group_by(events.c.run)
        found.update(connection.execute(statement).all())
    return found


def _tell(connection: Connection, last: Mapping[str, int], tell: Tell | None) -> None:
    """Put an event of each run into its journal, behind the last."""
    if tell is not None and last:
        _ADD_EVENTS.many(connection, [(run, seq + 1, tell(run, seq + 1)) for run, seq in last.items()])
