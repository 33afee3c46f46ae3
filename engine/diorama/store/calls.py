"""The call cache: what each call gave, found by key and by recipe, and written in groups."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import orjson
from pydantic import JsonValue
from sqlalchemy import Connection, delete, select

from diorama.keys import Digest
from diorama.refs import blobs_in
from diorama.store.blobs import BlobStore, Damaged
from diorama.store.by_keys import parts
from diorama.store.database import BUSY_SECONDS, open_database
from diorama.store.fault_points import reach
from diorama.store.group import Group
from diorama.store.group_rows import Taken, put
from diorama.store.known import Known, found_by_key, found_by_recipe
from diorama.store.plain import Plain
from diorama.store.tables import calls, events, logs, runs

DATABASE_VARIABLE = "DIORAMA_DATABASE"
"""The environment variable that names a database by its URL."""
TOUCH_SECONDS = 3600.0
"""A call's last use is written again only when it is older than this: a look-up is then no write."""
_TOUCH = Plain("UPDATE calls SET used = ? WHERE key = ?")
_MANIFEST = Plain("SELECT manifest FROM runs WHERE id = ?")
_LEARNED = Plain("SELECT node, seconds FROM timings")


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
        self._taken = Taken()

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
        with self.reading() as connection:
            found, damaged = found_by_recipe(connection, wanted)
        return self._healed(found, damaged)

    def by_key(self, wanted: Sequence[Digest]) -> dict[Digest, Known]:
        """The calls of these keys, as far as they are known."""
        with self.reading() as connection:
            found, damaged = found_by_key(connection, wanted)
        return self._healed(found, damaged)

    def _healed(self, found: dict[Digest, Known], damaged: set[Digest]) -> dict[Digest, Known]:
        """What was found; a damaged row is forgotten, so that it is a miss."""
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
        stale = {known.key for known in used if now - known.used > TOUCH_SECONDS}
        if stale:
            with self.writing() as connection:
                _TOUCH.many(connection, [(now, key) for key in sorted(stale)])

    def write(self, group: Group) -> list[Digest]:
        """Write a group in one transaction; gives the keys of calls that were refused since their claim was lost."""
        reach("flush-started")
        with self.writing() as connection:
            refused = put(connection, group, self._taken, self.wall())
            reach("flush-rows-written")
            if group.run_ends:
                reach("end-written")
        reach("flush-committed")
        if group.run_ends:
            reach("end-committed")
        return refused

    def learned(self) -> dict[str, float]:
        """Seconds that calls of each node took here."""
        with self.reading() as connection:
            return dict(_LEARNED.rows(connection))

    def documents(self, wanted: Sequence[Digest]) -> dict[Digest, bytes]:
        """What went into these calls, as far as they are known."""
        found: dict[Digest, bytes] = {}
        with self.reading() as connection:
            for part in parts(wanted):
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
            rows = _MANIFEST.rows(connection, run)
            return rows[0][0] or b"" if rows else b""

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
