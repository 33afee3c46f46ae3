"""A PostgreSQL that cannot be used is told as a fault, and what is there is left as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url
from tests.support.postgres import Postgres
from tests.support.tally import calls_made, catalogue, growing

from diorama.faults import DioramaError
from diorama.session import Session
from diorama.store import care
from diorama.store.calls import CallStore
from diorama.store.dialects import Postgres as Dialect
from diorama.store.run_rows import RunRows
from diorama.store.settings import Settings


@pytest.fixture
def url(postgres: Postgres) -> Iterator[str]:
    with postgres.database() as fresh:
        yield fresh


@pytest.fixture
def empty(postgres: Postgres) -> Iterator[str]:
    """The URL of a database that holds nothing at all."""
    with postgres.database("template0") as fresh:
        yield fresh


def name_of(url: str) -> str:
    return str(make_url(url).database)


def refused(folder: Path, url: str, busy_seconds: float = 5.0) -> str:
    """The fault for which a store is not opened."""
    with pytest.raises(DioramaError) as told:
        CallStore(folder, database=url, busy_seconds=busy_seconds)
    (fault,) = told.value.faults
    return str(fault)


URLS: dict[str, tuple[Callable[[str], str], str]] = {
    "no URL": (lambda url: "postgres", "C001 database: a URL such as"),
    "another kind of database": (lambda url: "mysql://root@localhost/x", "'mysql' is given"),
    "another driver": (lambda url: url.replace("psycopg", "psycopg2"), "'postgresql+psycopg2' is given"),
    "a database that is not there": (lambda url: url.replace("@/t", "@/none"), "S005 postgresql"),
    "nobody who listens": (lambda url: url.partition("?")[0] + "?host=/nowhere", "S005 postgresql"),
}


@pytest.mark.parametrize("name", URLS)
def test_a_url_that_leads_nowhere_is_told(tmp_path: Path, url: str, name: str) -> None:
    spoil, says = URLS[name]
    assert says in refused(tmp_path, spoil(url))


def test_a_password_is_never_told(tmp_path: Path, url: str) -> None:
    with_password = url.replace("postgres@", "nobody:geheim@").replace("@/t", "@/none")
    said = refused(tmp_path, with_password)
    assert "nobody:***@" in said
    assert "geheim" not in said


def test_a_short_url_is_understood(tmp_path: Path, url: str) -> None:
    CallStore(tmp_path, database=url.replace("+psycopg", "")).close()


def test_another_programs_database_is_left_as_it_is(tmp_path: Path, postgres: Postgres, empty: str) -> None:
    postgres.run("CREATE TABLE letters (id int)", name_of(empty))
    assert "S004" in refused(tmp_path, empty)
    assert "none of Diorama's (letters)" in refused(tmp_path, empty)
    found = postgres.run(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'", name_of(empty)
    )
    assert found == [("letters",)]


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path, postgres: Postgres, url: str) -> None:
    postgres.run("UPDATE alembic_version SET version_num = '9999'", name_of(url))
    assert "S002" in refused(tmp_path, url)


def test_a_store_whose_database_is_lost_is_not_begun_anew(tmp_path: Path, url: str, empty: str) -> None:
    with Session(CallStore(tmp_path, database=url), catalogue=catalogue(), executor="inline") as session:
        session.run(growing())
    said = refused(tmp_path, empty)
    assert "S004" in said
    assert "its database is empty; name the one it was made with" in said
    with Session(CallStore(tmp_path, database=url), catalogue=catalogue(), executor="inline") as session:
        assert calls_made(session.run(growing())) == []
        assert care.verify(session.store).database == "ok"
        assert care.stats(session.store).database_bytes > 0


def test_another_process_that_locks_too_long_is_told(tmp_path: Path, url: str) -> None:
    plain = url.replace("+psycopg", "")
    with closing(CallStore(tmp_path, database=url, busy_seconds=0.2)) as store, psycopg.connect(plain) as foreign:
        foreign.execute("LOCK TABLE settings IN EXCLUSIVE MODE")
        with pytest.raises(DioramaError, match=r"S003.*another process holds the database"):
            Settings(store).set({"a": 1})
        foreign.rollback()
        Settings(store).set({"a": 1})
        assert Settings(store).all() == {"a": 1}


def test_a_server_that_went_away_is_told_and_found_again_when_it_is_back(
    tmp_path: Path, postgres: Postgres, url: str
) -> None:
    with closing(CallStore(tmp_path, database=url)) as store:
        Settings(store).set({"a": 1})
        assert RunRows(store).counts() == {}
        ended = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name_of(url)}'"
        assert len(postgres.run(ended)) == 2
        for ask in (lambda: RunRows(store).counts(), lambda: Settings(store).set({"a": 2})):
            with pytest.raises(DioramaError, match=r"S005.*the database server cannot be reached"):
                ask()
        assert RunRows(store).counts() == {}
        Settings(store).set({"b": 2})
        assert Settings(store).all() == {"a": 1, "b": 2}


STATES = {
    "a full disk": (psycopg.errors.DiskFull, "R006"),
    "a lock that did not come": (psycopg.errors.LockNotAvailable, "S003"),
    "two that wait for each other": (psycopg.errors.DeadlockDetected, "S003"),
    "too many connections": (psycopg.errors.TooManyConnections, "S003"),
    "a damaged page": (psycopg.errors.DataCorrupted, "S004"),
    "a server that shuts down": (psycopg.errors.AdminShutdown, "S005"),
    "a server that starts": (psycopg.errors.CannotConnectNow, "S005"),
    "a connection that broke": (psycopg.errors.ConnectionFailure, "S005"),
    "a lost connection without a word": (psycopg.OperationalError, "S005"),
    "a database that may only be read": (psycopg.errors.ReadOnlySqlTransaction, "S001"),
    "a value that it cannot hold": (psycopg.DataError, "S001"),
}


@pytest.mark.parametrize("name", STATES)
def test_what_postgres_says_is_told_as_a_fault(name: str) -> None:
    error, code = STATES[name]
    dialect = Dialect(make_url("postgresql+psycopg://someone@somewhere/it"), 1.0)
    (fault,) = dialect.fault(error("so it is\nDETAIL: more")).faults
    assert (fault.code, fault.at) == (code, "postgresql+psycopg://someone@somewhere/it")
    assert "DETAIL" not in fault.message
