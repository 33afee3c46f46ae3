"""The two databases that a store may lie in, as far as they differ: SQLite and PostgreSQL."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Protocol

from sqlalchemy import URL, Connection, Engine, NullPool, Transaction, create_engine, event, inspect
from sqlalchemy.dialects.sqlite import pysqlite  # noqa: F401  # the first engine would load it, inside a run
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.pool import ConnectionPoolEntry

from diorama.faults import DioramaError, failure

BUSY = "another process holds the database; try again when it has finished"
NEVER = 2**31
"""No statement is prepared by itself: a plan that was made while a table was empty would be kept when it is full, and
claims then took 30 ms for 2. Hot ones ask for it."""
LOCKS = 4_410_071
"""Under this number PostgreSQL keeps Diorama's locks apart from anyone else's."""
FULL = "the disk is full; make room and run again, what is finished is kept"


class Dialect(Protocol):
    """What a store needs to know of its kind of database."""

    @property
    def name(self) -> str:
        """As SQLAlchemy names it."""

    @property
    def place(self) -> str:
        """Where the database is, in words that faults may name."""

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What the driver raises."""

    @property
    def reads_only(self) -> Mapping[str, object]:
        """Options of a connection that only reads."""

    @property
    def spans_machines(self) -> bool:
        """Whether processes of several machines may use it."""

    @property
    def lost(self) -> str:
        """What is said where values are there but no database."""

    @property
    def revision_query(self) -> str:
        """Gives a row where the database has a revision."""

    def engine(self) -> Engine:
        """An engine that opens a connection whenever it is asked for one."""

    def begin(self, connection: Connection, is_promise: bool) -> Transaction:
        """Begin to write; the commit of a promise is on the disk when it returns."""

    def fault(self, error: BaseException) -> DioramaError:
        """What a driver's error means, with what to do about it."""

    def exclude(self, connection: Connection, what: int) -> None:
        """Let no other process be where this transaction is, until it ends; `what` numbers the place."""

    def settle(self, connection: Connection) -> None:
        """Bring what was migrated to where it stays; outside a transaction."""

    def check(self, connection: Connection) -> str:
        """`ok`, or what is damaged in the database."""

    def size(self, connection: Connection) -> int:
        """Bytes that the database takes."""


def in_each_dialect(statement: str) -> Mapping[str, str]:
    """A statement for the driver itself, whose values are marked `?`, by the name of the dialect."""
    return {Sqlite.name: statement, Postgres.name: statement.replace("?", "%s")}


def tables_of(connection: Connection) -> Sequence[str]:
    """Names of the tables that are there."""
    return inspect(connection).get_table_names()


class Sqlite:
    """A file that several processes of one machine may share."""

    name = "sqlite"
    errors = (sqlite3.Error,)
    reads_only: ClassVar[Mapping[str, object]] = {"reads_only": True}
    spans_machines = False
    lost = "its database is gone or empty, as when its -wal file was deleted; bring it back, or move the folder away"
    revision_query = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"

    def __init__(self, path: Path, busy_seconds: float) -> None:
        self.path = path
        self.place = str(path)
        self.busy_seconds = busy_seconds

    def engine(self) -> Engine:
        """An engine whose transactions are all IMMEDIATE, but on connections that only read."""
        url = URL.create("sqlite", database=str(self.path))
        given = {"timeout": self.busy_seconds, "check_same_thread": False}
        engine = create_engine(url, connect_args=given, poolclass=NullPool)
        event.listen(engine, "connect", self._on_connect)
        event.listen(engine, "begin", _on_begin)
        return engine

    def begin(self, connection: Connection, is_promise: bool) -> Transaction:
        """A commit costs 9 µs, one that waits for the disk 160: that is for what someone was promised."""
        wanted = "FULL" if is_promise else "NORMAL"
        if connection.info.get("synchronous", "NORMAL") != wanted:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute(f"PRAGMA synchronous={wanted}")
            connection.info["synchronous"] = wanted
        return connection.begin()

    def fault(self, error: BaseException) -> DioramaError:
        """The fault behind what SQLite says."""
        said = str(error)
        if "locked" in said or "busy" in said:
            return failure("S003", self.place, BUSY)
        if "is full" in said:
            return failure("R006", self.place, FULL)
        if "not a database" in said or "malformed" in said:
            return failure("S004", self.place, f"{said}; it was left as it is: move it away to begin anew")
        return failure("S001", self.place, f"the database cannot be used: {said}")

    def exclude(self, connection: Connection, what: int) -> None:
        """Nothing: who writes is alone."""

    def settle(self, connection: Connection) -> None:
        """The tables must not be in the -wal file alone: people take that for a leftover."""
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def check(self, connection: Connection) -> str:
        """What `integrity_check` says."""
        return str(connection.exec_driver_sql("PRAGMA integrity_check").scalar())

    def size(self, connection: Connection) -> int:
        """The file's size."""
        return self.path.stat().st_size

    def _on_connect(self, connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        # SQLAlchemy emits BEGIN itself, so that every transaction is IMMEDIATE: a deferred one that reads before it
        # writes fails at once under another writer, however long the timeout.
        connection.isolation_level = None
        cursor = connection.cursor()
        try:
            self._write_ahead(cursor)
            for pragma in ("synchronous=NORMAL", "foreign_keys=ON", "cache_size=-32000"):
                cursor.execute(f"PRAGMA {pragma}")
        finally:
            cursor.close()

    def _write_ahead(self, cursor: DBAPICursor) -> None:
        """Keep a journal of what is to be written, from the first connection to a new file on.

        That turns a read into a write, for which SQLite waits for nobody; so whoever writes is waited for first.
        """
        deadline = time.monotonic() + self.busy_seconds
        while True:
            try:
                cursor.execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() >= deadline:
                    raise
                cursor.execute("BEGIN IMMEDIATE")
                cursor.execute("COMMIT")
            else:
                return


def _on_begin(connection: Connection) -> None:
    if not connection.get_execution_options().get("reads_only"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


class Postgres:
    """A PostgreSQL server, named by a URL, that servers on several machines may share."""

    name = "postgresql"
    reads_only: ClassVar[Mapping[str, object]] = {"isolation_level": "AUTOCOMMIT"}
    spans_machines = True
    lost = "its database is empty; name the one it was made with, or choose another folder"
    revision_query = "SELECT 1 WHERE to_regclass('alembic_version') IS NOT NULL"
    STATES: ClassVar[dict[str, str]] = {
        "55P03": "S003",
        "40P01": "S003",
        "40001": "S003",
        "57014": "S003",
        "53300": "S003",
        "53100": "R006",
        "XX001": "S004",
        "XX002": "S004",
    }
    """Codes of faults by what PostgreSQL calls its error states."""
    GONE = ("08", "57P")
    """How states begin that tell of a server that went away or is not ready."""

    def __init__(self, url: URL, busy_seconds: float) -> None:
        self.url = url
        self.place = url.render_as_string(hide_password=True)
        self.busy_seconds = busy_seconds
        try:
            import psycopg
        except ImportError as error:
            message = "a database of PostgreSQL needs psycopg: pip install 'diorama[postgres]'"
            raise failure("S001", self.place, message) from error
        self.errors = (psycopg.Error,)
        self._gone = (psycopg.OperationalError, psycopg.InterfaceError)

    def engine(self) -> Engine:
        """An engine whose commits do not wait for the disk unless they are promises."""
        milliseconds = max(1, int(self.busy_seconds * 1000))
        options = f"-c lock_timeout={milliseconds} -c synchronous_commit=off -c enable_seqscan=off"
        given = {"connect_timeout": max(2, int(self.busy_seconds)), "options": options, "prepare_threshold": NEVER}
        return create_engine(self.url, connect_args=given, poolclass=NullPool)

    def begin(self, connection: Connection, is_promise: bool) -> Transaction:
        """A promise waits for the write-ahead log to be on the disk."""
        transaction = connection.begin()
        if is_promise:
            connection.exec_driver_sql("SET LOCAL synchronous_commit = on")
        return transaction

    def fault(self, error: BaseException) -> DioramaError:
        """The fault behind what PostgreSQL says."""
        state = getattr(error, "sqlstate", None)
        said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        if state.startswith(self.GONE) if state is not None else isinstance(error, self._gone):
            return failure("S005", self.place, f"the database server cannot be reached: {said}")
        code = self.STATES.get(state or "", "S001")
        message = {"S003": BUSY, "R006": FULL}.get(code, f"the database cannot be used: {said}")
        return failure(code, self.place, message)

    def exclude(self, connection: Connection, what: int) -> None:
        """Wait for a lock that goes with the transaction."""
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCKS}, {what})")

    def settle(self, connection: Connection) -> None:
        """Nothing: a commit is where it stays."""

    def check(self, connection: Connection) -> str:
        """Read every row of every table, and every index where `amcheck` is installed."""
        for table in tables_of(connection):
            connection.exec_driver_sql(f'SELECT count(*), sum(hashtext(t::text)) FROM "{table}" AS t')  # noqa: S608
        if connection.exec_driver_sql("SELECT 1 FROM pg_extension WHERE extname = 'amcheck'").first():
            connection.exec_driver_sql(_CHECK_INDEXES)
        return "ok"

    def size(self, connection: Connection) -> int:
        """What the server says of this database."""
        return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


_CHECK_INDEXES = """
SELECT bt_index_check(index.indexrelid)
FROM pg_index AS index
JOIN pg_class AS class ON class.oid = index.indexrelid
JOIN pg_am AS method ON method.oid = class.relam
WHERE method.amname = 'btree' AND class.relnamespace = current_schema()::regnamespace
"""
