"""The call cache: what each call gave, found by key and by recipe, and written in groups."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any

import orjson
from pydantic import JsonValue
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from diorama.keys import Digest, digest_of
from diorama.refs import BLOB_MARK, Ref, blobs_in, from_row, to_row
from diorama.store.blobs import BlobStore, Damaged
from diorama.store.database import BUSY_SECONDS, open_database
from diorama.store.fault_points import reach
from diorama.store.plain import Plain, inserting
from diorama.store.tables import artefacts, calls, differences, events, logs, recipes, runs, timings
from diorama.store.upserts import replacing

SEAL_BYTES = 8
"""How much of the digest of a row's key and outputs stands before them: SQLite does not notice a flipped bit."""
QUERY_KEYS = 500
"""Keys asked for in one statement."""
DATABASE_VARIABLE = "DIORAMA_DATABASE"
"""The environment variable that names a database by its URL."""
TOUCH_SECONDS = 3600.0
"""A call's last use is written again only when it is older than this: a look-up is then no write."""


@dataclass(frozen=True, slots=True)
class Known:
    """A call that is in the cache."""

    key: Digest
    row: bytes
    seconds: float
    run: str
    used: float

    @property
    def is_small(self) -> bool:
        """Whether all that it gave lies in the row itself."""
        return BLOB_MARK not in self.row

    def outputs(self) -> dict[str, Ref]:
        """What it gave, by port."""
        return from_row(self.row)


def sealed(key: Digest, row: bytes) -> bytes:
    """Outputs as they lie in the database: what proves them, then the row itself."""
    return digest_of(key + row)[:SEAL_BYTES] + row


def unsealed(key: Digest, kept: bytes) -> bytes | None:
    """The row of outputs in what the database holds, or None where it is not what was written."""
    row = kept[SEAL_BYTES:]
    return row if digest_of(key + row)[:SEAL_BYTES] == kept[:SEAL_BYTES] else None


@dataclass(frozen=True, slots=True)
class Made:
    """A call that has just been made, on its way into the cache."""

    key: Digest
    node: str
    document: bytes
    outputs: Mapping[str, Ref]
    seconds: float
    claim: tuple[str, int] | None = None
    """Owner and fencing token of the claim it was made under; None where none was needed."""


@dataclass(slots=True)
class Group:
    """What is written together in one transaction: first all of it is on disk, then anyone is told."""

    run_rows: list[dict[str, object]] = field(default_factory=list)
    run_ends: list[dict[str, object]] = field(default_factory=list)
    made: list[tuple[str, Made]] = field(default_factory=list)
    """Calls with the run that made them."""
    led: list[tuple[Digest, Digest]] = field(default_factory=list)
    """Recipes with the keys they led to."""
    told: list[tuple[str, int, bytes]] = field(default_factory=list)
    """Journal: run, sequence number, event."""
    logs: list[dict[str, object]] = field(default_factory=list)
    artefacts: list[dict[str, object]] = field(default_factory=list)
    """Results of the runs that end."""
    tokens: dict[str, int] = field(default_factory=dict)
    """Fencing tokens of the runs in it that came from the queue."""
    lost: set[str] = field(default_factory=set)
    """Runs that turned out to be another server's when the group was written."""

    def __len__(self) -> int:
        rows = len(self.run_rows) + len(self.run_ends) + len(self.logs)
        return rows + len(self.made) + len(self.led) + len(self.told)

    def drop(self, lost: set[str]) -> None:
        """Take out what the group says of runs that are another server's; their finished calls stay."""
        self.run_ends = [row for row in self.run_ends if row["wanted"] not in lost]
        self.told = [row for row in self.told if row[0] not in lost]
        self.logs = [row for row in self.logs if row["run"] not in lost]
        self.artefacts = [row for row in self.artefacts if row["run"] not in lost]


class CallStore:
    """The database and the blobs of one store folder, which several processes may share.

    The database is a file in the folder, or the one that `database`, else `DIORAMA_DATABASE`, names by its URL.
    """

    is_shared = True
    """Whether another process may use the same store, so that calls must be claimed."""

    def __init__(
        self,
        root: Path,
        wall: Callable[[], float] = time.time,
        busy_seconds: float = BUSY_SECONDS,
        database: str | None = None,
    ) -> None:
        self.root = root
        self.wall = wall
        self.blobs = BlobStore(root)
        url = os.environ.get(DATABASE_VARIABLE) if database is None else database
        self.database = open_database(root, url, busy_seconds, is_begun=self.blobs.holds_any())
        self.dialect = self.database.dialect
        self._seconds: dict[str, tuple[int, float]] = {}

    def close(self) -> None:
        """Let the database go."""
        self.database.close()

    def writing(self) -> AbstractContextManager[Connection]:
        """A connection inside one transaction; any thread may ask for it."""
        return self.database.writing()

    def promising(self) -> AbstractContextManager[Connection]:
        """A connection inside one transaction that outlives a power cut once it is committed.

        For what someone is told is accepted; the rest can be made again.
        """
        return self.database.writing(is_promise=True)

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection for reads alone; any thread may ask for it."""
        return self.database.reading()

    def by_recipe(self, wanted: Sequence[Digest]) -> dict[Digest, Known]:
        """The calls that these recipes led to, as far as they are known."""
        return self._known(self._found(_BY_RECIPE, wanted))

    def by_key(self, wanted: Sequence[Digest]) -> dict[Digest, Known]:
        """The calls of these keys, as far as they are known."""
        return self._known(self._found(_BY_KEY, wanted))

    def _found(self, statement: str, wanted: Sequence[Digest]) -> Iterator[tuple[Digest, Sequence[Any]]]:
        """The rows of calls with what each was asked for by."""
        with self.reading() as connection:
            for part in _parts(wanted):
                for asked, *row in _asked_for(connection, statement, part):
                    yield Digest(asked), row

    def _known(self, rows: Iterable[tuple[Digest, Sequence[Any]]]) -> dict[Digest, Known]:
        """The calls in these rows by what was asked for; a damaged row is forgotten, so that it is a miss."""
        found: dict[Digest, Known] = {}
        damaged: set[Digest] = set()
        for asked, (key, kept, seconds, run, used) in rows:
            row = unsealed(key, kept)
            if row is None:
                damaged.add(key)
            else:
                found[asked] = Known(key, row, seconds, run, used)
        if damaged:
            self.forget(damaged)
        return found

    def is_whole(self, known: Known) -> bool:
        """Whether every blob of a call is there and is what its digest says; a call that is not whole is forgotten."""
        if known.is_small:
            return True
        try:
            for ref in known.outputs().values():
                for blob in blobs_in(ref):
                    self.blobs.check(blob.digest, blob.size)
        except (Damaged, ValueError):
            self.forget([known.key])
            return False
        return True

    def forget(self, keys: Iterable[Digest]) -> None:
        """Take calls out of the cache."""
        with self.writing() as connection:
            for key in sorted(keys):
                connection.execute(delete(calls).where(calls.c.key == key))

    def touch(self, used: Iterable[Known]) -> None:
        """Note that these calls were used now."""
        now = self.wall()
        stale = [{"wanted": key, "now": now} for key in sorted(_stale(used, now))]
        if stale:
            with self.writing() as connection:
                connection.execute(_TOUCH, stale)

    def write(self, group: Group) -> list[Digest]:
        """Write a group in one transaction; gives the keys of calls that were refused since their claim was lost."""
        reach("flush-started")
        refused: list[Digest] = []
        now = self.wall()
        with self.writing() as connection:
            if group.tokens and (lost := _lost_runs(connection, group.tokens)):
                group.lost = lost
                group.drop(lost)
            if group.run_rows:
                # What a user was told is accepted must survive a power cut; the rest may be made again.
                connection.execute(insert(runs), group.run_rows)
            if group.made:
                refused = self._write_calls(connection, group.made, now)
            if group.led:
                _ADD_RECIPES.many(connection, sorted(group.led, key=itemgetter(0)))
            if group.told:
                _ADD_EVENTS.many(connection, group.told)
            if group.logs:
                connection.execute(insert(logs), group.logs)
            if group.artefacts:
                connection.execute(insert(artefacts), group.artefacts)
                connection.execute(_PLACE_ARTEFACTS, {"wanted": [row["run"] for row in group.artefacts]})
            if group.run_ends:
                _END_RUN.many(connection, [[end[name] for name in _END] for end in group.run_ends])
                # Once a run is soon enough, and an average for each group would cost more than its rows.
                noted, self._seconds = self._seconds, {}
                _learn(connection, noted)
            reach("flush-rows-written")
            if group.run_ends:
                reach("end-written")
        reach("flush-committed")
        if group.run_ends:
            reach("end-committed")
        return refused

    def _write_calls(self, connection: Connection, made: Sequence[tuple[str, Made]], now: float) -> list[Digest]:
        refused = _lost_claims(connection, [call for _, call in made if call.claim is not None])
        rows = {call.key: _row_of(run, call, now) for run, call in made if call.key not in refused}
        if rows:
            # In one order everywhere: two servers whose groups wait for each other's rows would both lose them.
            if _ADD_CALLS.many(connection, [rows[key] for key in sorted(rows)]) != len(rows):
                _count_differences(connection, {key: row[_OUTPUTS] for key, row in rows.items()}, now)
            self._note_seconds(call for _, call in made)
        claimed = sorted(call.key for _, call in made if call.claim is not None and call.key not in refused)
        if claimed:
            _RELEASE.many(connection, [(key,) for key in claimed])
        return list(refused)

    def _note_seconds(self, made: Iterable[Made]) -> None:
        for call in made:
            count, seconds = self._seconds.get(call.node, (0, 0.0))
            self._seconds[call.node] = (count + 1, seconds + call.seconds)

    def learned(self) -> dict[str, float]:
        """Seconds that calls of each node took here."""
        with self.reading() as connection:
            rows = connection.execute(select(timings.c.node, timings.c.seconds))
            return {row.node: row.seconds for row in rows}

    def documents(self, wanted: Sequence[Digest]) -> dict[Digest, bytes]:
        """What went into these calls, as far as they are known."""
        found: dict[Digest, bytes] = {}
        with self.reading() as connection:
            for part in _parts(wanted):
                rows = connection.execute(select(calls.c.key, calls.c.document).where(calls.c.key.in_(part)))
                found.update((Digest(key), document) for key, document in rows)
        return found

    def past_manifests(self, title: str, most: int = 50, before: float | None = None) -> Iterator[dict[str, JsonValue]]:
        """What the latest runs with this title left on record, or those begun before a time, the newest first."""
        ended = runs.c.manifest.is_not(None)
        statement = select(runs.c.manifest).where(runs.c.title == title, ended).order_by(runs.c.started.desc())
        if before is not None:
            statement = statement.where(runs.c.started < before)
        with self.reading() as connection:
            found = connection.execute(statement.limit(most)).scalars().all()
        for content in found:
            yield orjson.loads(content)

    def record(self, run: str) -> bytes:
        """The manifest of a run as JSON, or nothing where there is no such run or it has not ended."""
        with self.reading() as connection:
            return connection.execute(select(runs.c.manifest).where(runs.c.id == run)).scalar() or b""

    def journal(self, run: str, since: int = 0) -> list[dict[str, JsonValue]]:
        """A run's events with a sequence number above `since`."""
        return [orjson.loads(event) for _, event in self.events(run, since)]

    def events(self, run: str, since: int = 0, most: int | None = None) -> list[tuple[int, bytes]]:
        """A run's events with a sequence number above `since`, up to a number of them, as they lie in the journal."""
        statement = select(events.c.seq, events.c.event).where(events.c.run == run, events.c.seq > since)
        with self.reading() as connection:
            rows = connection.execute(statement.order_by(events.c.seq).limit(most))
            return [(row.seq, row.event) for row in rows]

    def log(self, run: str) -> list[tuple[int, float, str, int | None, str]]:
        """What was kept for a run's log: number, time, step, item and text of each entry, in order."""
        statement = select(logs.c.number, logs.c.at, logs.c.step, logs.c.item, logs.c.text).where(logs.c.run == run)
        with self.reading() as connection:
            return [tuple(row) for row in connection.execute(statement.order_by(logs.c.number))]


_COLUMNS = "calls.key, calls.outputs, calls.seconds, calls.run, calls.used"
_BY_KEY = f"SELECT calls.key, {_COLUMNS} FROM calls WHERE calls.key IN"  # noqa: S608  # columns alone
_BY_RECIPE = (
    f"SELECT recipes.recipe, {_COLUMNS} "  # noqa: S608
    "FROM recipes JOIN calls ON recipes.key = calls.key WHERE recipes.recipe IN"
)


@cache
def _asking(statement: str, marks: int) -> Plain:
    """The statement for so many keys: always a power of two, so that few are made."""
    return Plain(f"{statement} ({', '.join('?' * marks)})")


def _asked_for(connection: Connection, statement: str, keys: Sequence[Digest]) -> list[tuple[Any, ...]]:
    """What a statement finds for these keys; nothing for none."""
    if not keys:
        return []
    marks = 1 << (len(keys) - 1).bit_length()
    return _asking(statement, marks).rows(connection, *keys, *(keys[-1] for _ in range(marks - len(keys))))


_TOUCH = update(calls).where(calls.c.key == bindparam("wanted")).values(used=bindparam("now"))
_RELEASE = Plain("DELETE FROM claims WHERE key = ?")
_HELD = "SELECT key, owner, token FROM claims WHERE key IN"
_TOKEN = Plain("SELECT token, state, owner IS NOT NULL FROM runs WHERE id = ?", locks=True)
"""The row stays as it is until the group is written."""
_CALL = ("key", "node", "document", "outputs", "seconds", "size", "run", "made", "used")
_OUTPUTS = _CALL.index("outputs")
_ADD_CALLS = inserting(calls, _CALL, "ON CONFLICT DO NOTHING")
_ADD_RECIPES = inserting(recipes, ("recipe", "key"), "ON CONFLICT (recipe) DO UPDATE SET key = excluded.key")
_ADD_EVENTS = inserting(events, ("run", "seq", "event"))
_PLACE_ARTEFACTS = (
    update(artefacts)
    .where(artefacts.c.run.in_(bindparam("wanted", expanding=True)))
    .values(project=select(runs.c.project).where(runs.c.id == artefacts.c.run).scalar_subquery())
)
_END = ("new_state", "new_faults", "new_manifest", "new_results", "new_ended", "wanted")
_END_RUN = Plain(
    "UPDATE runs SET state = ?, faults = ?, manifest = ?, results = ?, ended = ?, owner = NULL, wish = NULL "
    "WHERE id = ?"
)


def _row_of(run: str, call: Made, now: float) -> Sequence[object]:
    """The columns `_CALL` of a call."""
    outputs = sealed(call.key, to_row(call.outputs))
    size = sum(blob.size for ref in call.outputs.values() for blob in blobs_in(ref))
    return call.key, call.node, call.document, outputs, call.seconds, size, run, now, now


def _stale(used: Iterable[Known], now: float) -> set[Digest]:
    return {known.key for known in used if now - known.used > TOUCH_SECONDS}


def _parts(wanted: Sequence[Digest]) -> Iterator[Sequence[Digest]]:
    for start in range(0, len(wanted), QUERY_KEYS):
        yield wanted[start : start + QUERY_KEYS]


def _lost_runs(connection: Connection, tokens: Mapping[str, int]) -> set[str]:
    """Runs that were taken from their owner, or that were deleted: a late owner must not write a word of them."""
    return {run for run, token in sorted(tokens.items()) if _TOKEN.rows(connection, run) != [(token, "running", True)]}


def _lost_claims(connection: Connection, claimed: Sequence[Made]) -> set[Digest]:
    """Keys whose claim was taken over: a late result of the old owner must not come in."""
    held: dict[bytes, tuple[str, int]] = {}
    for part in _parts([call.key for call in claimed]):
        held.update((key, (owner, token)) for key, owner, token in _asked_for(connection, _HELD, part))
    return {call.key for call in claimed if held.get(call.key) != call.claim}


def _count_differences(connection: Connection, made: Mapping[Digest, object], now: float) -> None:
    """Count the calls that were there already with other outputs than were `made`: the first ones stay."""
    for part in _parts(sorted(made)):
        statement = select(calls.c.key, calls.c.outputs).where(calls.c.key.in_(part)).order_by(calls.c.key)
        for known in connection.execute(statement).all():
            if known.outputs == made[Digest(known.key)]:
                continue
            row = {"key": known.key, "count": 1, "last": now}
            again = replacing(connection, differences, "key", count=differences.c.count + 1, last=now)
            connection.execute(again, row)


LATEST_WEIGHT = 0.3
"""Share of the newest call in the average of a node's seconds."""
_LEARN = inserting(
    timings,
    ("node", "count", "seconds"),
    "ON CONFLICT (node) DO UPDATE SET count = timings.count + excluded.count, "
    f"seconds = timings.seconds * {1 - LATEST_WEIGHT} + excluded.seconds * {LATEST_WEIGHT}",
)


def _learn(connection: Connection, noted: Mapping[str, tuple[int, float]]) -> None:
    """Fold the seconds of new calls into the averages, one row a node."""
    if noted:
        rows = [(node, count, seconds / count) for node, (count, seconds) in sorted(noted.items())]
        _LEARN.many(connection, rows)
