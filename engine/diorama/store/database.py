"""The database of a store: opened, brought up to date, and its failures told as faults."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.dialects.sqlite import pysqlite  # noqa: F401  # the first engine would load it, inside a run
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from diorama.faults import DioramaError, failure

HEAD = "0002"
"""The newest migration; a test holds it to the folder of migrations."""
BUSY_SECONDS = 30.0
"""How long a writer waits for another process before it gives up with S003."""
KNOWN = ("0001", "0002")
"""Every migration, the oldest first."""
MIGRATIONS = Path(__file__).parent / "migrations"


def open_database(path: Path, busy_seconds: float = BUSY_SECONDS, is_begun: bool = False) -> Engine:
    """The database in a file, made where there is none and migrated where it is older.

    `is_begun` says that the store holds blobs already, so that its database must be there. Raises `DioramaError`:
    S001 where the file cannot be written, S002 where a newer version wrote it, S003 where another process holds it,
    S004 where it is no database of a store. What is there is never replaced.
    """
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, connect_args={"timeout": busy_seconds, "check_same_thread": False})
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    try:
        with told(path):
            with engine.connect() as connection:
                found = _revision(connection)
                others = () if found is not None else _tables(connection)
            if found != HEAD:
                _refuse_loss(path, others, is_begun and found is None)
                _migrate(engine, path, found)
    except DioramaError:
        engine.dispose()
        raise
    return engine


def _on_connect(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    # SQLAlchemy emits BEGIN itself, so that every transaction is IMMEDIATE: a deferred one that reads before it
    # writes fails at once under another writer, however long the timeout.
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-32000"):
            cursor.execute(f"PRAGMA {pragma}")
    finally:
        cursor.close()


def _on_begin(connection: Connection) -> None:
    if not connection.get_execution_options().get("reads_only"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _revision(connection: Connection) -> str | None:
    if connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").first() is None:
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def _tables(connection: Connection) -> Sequence[str]:
    return connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()


def _refuse_loss(path: Path, others: Sequence[str], is_lost: bool) -> None:
    """Refuse to make the tables where that would cover up that the old ones were lost, or stand among others."""
    if others:
        said = f"it holds tables that are none of Diorama's ({', '.join(others)[:100]})"
        raise failure("S004", str(path), f"{said}; it was left as it is: choose another folder")
    if is_lost:
        said = "the store holds values but its database is gone or empty, as when its -wal file was deleted"
        raise failure("S004", str(path), f"{said}; bring it back, or move the folder away to begin anew")


def _migrate(engine: Engine, path: Path, found: str | None) -> None:
    if found is not None and found not in KNOWN:
        raise failure(
            "S002",
            str(path),
            f"the database is of version {found}, but this Diorama knows up to {HEAD}; use the version that wrote it",
        )
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        # Another process may have migrated while this one waited for the lock.
        if _revision(connection) != HEAD:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    with engine.connect().execution_options(reads_only=True) as connection:
        # The tables must not be in the -wal file alone: people take that for a leftover.
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Tell a failure of the database as a fault with what to do about it."""
    try:
        yield
    except DBAPIError as error:
        raise _fault(path, str(error.orig)) from error
    except SQLAlchemyError as error:
        raise _fault(path, str(error)) from error


def _fault(path: Path, said: str) -> DioramaError:
    at = str(path)
    if "locked" in said or "busy" in said:
        return failure("S003", at, "another process holds the database; try again when it has finished")
    if "is full" in said:
        return failure("R006", at, "the disk is full; make room and run again, what is finished is kept")
    if "not a database" in said or "malformed" in said:
        return failure("S004", at, f"{said}; it was left as it is: move it away to begin anew")
    return failure("S001", at, f"the database cannot be used: {said}")
