"""The database of a store: opened, brought up to date, read and written by any thread, its failures told as faults."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from diorama.faults import DioramaError, failure
from diorama.store.dialects import BUSY, Dialect, Postgres, Sqlite, tables_of

HEAD = "0003"
"""The newest migration; a test holds it to the folder of migrations."""
BUSY_SECONDS = 30.0
"""How long a writer waits for another process before it gives up with S003."""
MOST_READERS = 16
"""Connections that read at the same time; who comes later waits for one."""
KNOWN = ("0001", "0002", "0003")
"""Every migration, the oldest first."""
MIGRATIONS = Path(__file__).parent / "migrations"
FILE = "diorama.db"


class Database:
    """An open database. Any thread may read and write.

    Writers of one process go one after the other, by a lock of the process: SQLite lets one write at a time, and who
    finds it locked sleeps for milliseconds, which a thread would pay for another's microseconds.
    """

    def __init__(self, dialect: Dialect, busy_seconds: float) -> None:
        self.dialect = dialect
        self.place = dialect.place
        self.busy_seconds = busy_seconds
        self.engine: Engine = dialect.engine()
        self._writing = threading.RLock()
        self._writer: Connection | None = None
        self._readers: list[Connection] = []
        self._opened = 0
        self._given_back = threading.Condition()
        self._is_closed = False

    def close(self) -> None:
        """Let the database go."""
        self._is_closed = True
        with self._writing:
            self._drop_writer()
        self._drop_readers()
        self.engine.dispose()

    def _drop_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            _close(writer)

    def _drop_readers(self) -> None:
        with suppress(IndexError):
            while True:
                reader = self._readers.pop()
                with self._given_back:
                    self._opened -= 1
                    self._given_back.notify()
                _close(reader)

    @contextmanager
    def writing(self, is_promise: bool = False) -> Iterator[Connection]:
        """A connection inside one transaction; a promise is on the disk when this returns."""
        with self.told():
            if not self._writing.acquire(timeout=self.busy_seconds):
                raise failure("S003", self.place, BUSY)
            try:
                if self._writer is None:
                    self._writer = self.engine.connect()
                with self.dialect.begin(self._writer, is_promise):
                    yield self._writer
            except DBAPIError:
                self._drop_writer()
                raise
            except self.dialect.errors:
                self._drop_writer()
                raise
            finally:
                self._writing.release()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for reads alone; each statement sees what was committed before it."""
        with self.told():
            connection = self._reader()
            is_doubtful = True
            try:
                yield connection
                is_doubtful = False
            except DioramaError:
                # A refusal that says nothing of the connection.
                is_doubtful = False
                raise
            finally:
                self._give_back(connection)
                if is_doubtful or self._is_closed:
                    # The others may have lost the same server.
                    self._drop_readers()

    def _reader(self) -> Connection:
        # The one given back last has its pages at hand. A thread that reads alone always gets the same.
        with suppress(IndexError):
            return self._readers.pop()
        with self._given_back:
            while self._opened >= MOST_READERS:
                with suppress(IndexError):
                    return self._readers.pop()
                if not self._given_back.wait(self.busy_seconds):
                    raise failure("S003", self.place, BUSY)
            self._opened += 1
        try:
            return self.engine.connect().execution_options(**self.dialect.reads_only)
        except BaseException:
            with self._given_back:
                self._opened -= 1
                self._given_back.notify()
            raise

    def _give_back(self, connection: Connection) -> None:
        self._readers.append(connection)
        if self._opened >= MOST_READERS:
            with self._given_back:
                self._given_back.notify()

    @contextmanager
    def told(self) -> Iterator[None]:
        """Tell a failure of the database as a fault with what to do about it."""
        try:
            yield
        except DBAPIError as error:
            raise self.dialect.fault(error.orig or error) from error
        except SQLAlchemyError as error:
            raise failure("S001", self.place, f"the database cannot be used: {error}") from error
        except self.dialect.errors as error:
            raise self.dialect.fault(error) from error


def _close(connection: Connection) -> None:
    # What is wrong with it was told when it was used.
    with suppress(SQLAlchemyError):
        connection.close()


def dialect_of(folder: Path, url: str | None, busy_seconds: float) -> Dialect:
    """The database of a store: the one that `url` names, else a file in its folder. Raises `DioramaError` (C001)."""
    if not url:
        return Sqlite(folder / FILE, busy_seconds)
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise failure("C001", "database", "a URL such as postgresql+psycopg://user@host/name is wanted") from error
    if parsed.drivername not in ("postgresql", "postgresql+psycopg"):
        message = f"{parsed.drivername!r:.50} is given, but postgresql+psycopg://user@host/name is wanted"
        raise failure("C001", "database", message)
    return Postgres(parsed.set(drivername="postgresql+psycopg"), busy_seconds)


def open_database(
    folder: Path, url: str | None = None, busy_seconds: float = BUSY_SECONDS, is_begun: bool = False
) -> Database:
    """The database of a store, made where there is none and migrated where it is older.

    `is_begun` says that the store holds blobs already, so that its database must be there. Raises `DioramaError`:
    S001 where it cannot be used, S002 where a newer version wrote it, S003 where another process holds it, S004
    where it is no database of a store, S005 where its server cannot be reached. What is there is never replaced.
    """
    database = Database(dialect_of(folder, url, busy_seconds), busy_seconds)
    try:
        with database.writing() as connection:
            found = _revision(database, connection)
            others = () if found is not None else tables_of(connection)
        if found != HEAD:
            _refuse_loss(database, others, is_begun and found is None)
            _migrate(database, found)
    except BaseException:
        database.close()
        raise
    return database


def _revision(database: Database, connection: Connection) -> str | None:
    if connection.exec_driver_sql(database.dialect.revision_query).first() is None:
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def _refuse_loss(database: Database, others: Sequence[str], is_lost: bool) -> None:
    """Refuse to make the tables where that would cover up that the old ones were lost, or stand among others."""
    if others:
        said = f"it holds tables that are none of Diorama's ({', '.join(others)[:100]})"
        raise failure("S004", database.place, f"{said}; it was left as it is: choose another place")
    if is_lost:
        said = f"the store holds values but {database.dialect.lost} to begin anew"
        raise failure("S004", database.place, said)


MIGRATING = 1
"""Number of the lock under which one process brings the tables up to date."""


def _migrate(database: Database, found: str | None) -> None:
    if found is not None and found not in KNOWN:
        said = f"the database is of version {found}, but this Diorama knows up to {HEAD}"
        raise failure("S002", database.place, f"{said}; use the version that wrote it")
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with database.writing(is_promise=True) as connection:
        # Another process may have migrated while this one waited for the lock.
        database.dialect.exclude(connection, MIGRATING)
        if _revision(database, connection) != HEAD:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    with database.reading() as connection:
        database.dialect.settle(connection)
