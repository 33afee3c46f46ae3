"""The tables are what the migrations build, step by step, and a step that is cut off leaves the old state."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from tests.support.child import ROOT
from tests.support.databases import Kind
from tests.support.old_rows import ADDED, KEY, OUTPUTS, RECIPE, ROWS

from diorama.store import database, tables
from diorama.store.calls import DATABASE_VARIABLE, CallStore
from diorama.store.database import Database, dialect_of
from diorama.store.run_rows import RunRows

NEXT = '''"""One table more."""
import os
import sqlalchemy as sa
from alembic import op

revision = "9000"
down_revision = "{head}"


def upgrade() -> None:
    """Add a table."""
    op.create_table("moons", sa.Column("name", sa.String, primary_key=True))
    if os.environ.get("DIE_IN_MIGRATION"):
        os._exit(137)
    op.add_column("runs", sa.Column("moon", sa.String))
'''
OPEN = """
import sys
from pathlib import Path
from diorama.store import database
from diorama.store.calls import CallStore
database.MIGRATIONS, database.HEAD, database.KNOWN = Path(sys.argv[2]), "9000", (*database.KNOWN, "9000")
CallStore(Path(sys.argv[1])).close()
"""
OPEN_AS_IT_IS = """
import sys
from pathlib import Path
from diorama.store.calls import CallStore
CallStore(Path(sys.argv[1])).close()
"""


@contextmanager
def raw(store: Path) -> Iterator[Connection]:
    """The database of a store as it is, with no migration."""
    store.mkdir(exist_ok=True)
    opened = Database(dialect_of(store, os.environ.get(DATABASE_VARIABLE), 5.0), 5.0)
    with closing(opened), opened.writing() as connection:
        yield connection


def migrate(store: Path, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    with raw(store) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def put(store: Path, revision: str) -> None:
    """Put in the rows of a revision and of all before it."""
    with raw(store) as connection:
        for known in database.KNOWN[: database.KNOWN.index(revision) + 1]:
            for table, rows in ROWS.get(known, {}).items():
                there = {column["name"] for column in inspect(connection).get_columns(table)}
                for row in rows:
                    given = {**(ADDED if table == "runs" and known < revision else {}), **row}
                    columns = [name for name in given if name in there]
                    values = ", ".join(f":{name}" for name in columns)
                    connection.execute(text(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})"), given)


@pytest.fixture
def empty(tmp_path: Path, database_kind: Kind) -> Path:
    """A folder for a store whose database holds nothing."""
    return tmp_path / "store"


@pytest.fixture(params=["sqlite", "postgres"])
def database_kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kind]:
    if request.param == "sqlite":
        monkeypatch.delenv(DATABASE_VARIABLE, raising=False)
        yield "sqlite"
        return
    with request.getfixturevalue("postgres").database("template0") as url:
        monkeypatch.setenv(DATABASE_VARIABLE, url)
        yield "postgres"


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The folder of migrations with one more."""
    folder = tmp_path / "migrations"
    shutil.copytree(database.MIGRATIONS, folder)
    (folder / "versions" / "9000_moons.py").write_text(NEXT.format(head=database.HEAD))
    return folder


def rows_of(store: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in a database but the mark of its version."""
    with raw(store) as connection:
        names = sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})
        return {
            name: sorted((tuple(row) for row in connection.execute(text(f"SELECT * FROM {name}"))), key=str)
            for name in names
        }


def state_of(store: Path) -> tuple[str, bool, list[str]]:
    with raw(store) as connection:
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        found = inspect(connection)
        columns = [column["name"] for column in found.get_columns("runs")]
        return revision, "moons" in found.get_table_names(), columns


def test_the_tables_are_what_the_migrations_build(empty: Path) -> None:
    with closing(CallStore(empty)) as store, store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []


def test_the_head_is_the_newest_migration_and_all_are_known() -> None:
    scripts = ScriptDirectory(str(database.MIGRATIONS))
    assert scripts.get_heads() == [database.HEAD]
    assert sorted(script.revision for script in scripts.walk_revisions()) == sorted(database.KNOWN)


def test_every_table_has_rows_to_be_migrated() -> None:
    assert {table for rows in ROWS.values() for table in rows} == set(tables.metadata.tables)


@pytest.mark.parametrize("revision", database.KNOWN)
def test_a_store_of_every_revision_opens_and_keeps_its_rows(empty: Path, revision: str) -> None:
    migrate(empty, revision)
    put(empty, revision)
    before = rows_of(empty)
    CallStore(empty).close()
    after = rows_of(empty)
    assert state_of(empty)[0] == database.HEAD
    assert {name: len(rows) for name, rows in after.items() if name in before} == {
        name: len(rows) for name, rows in before.items()
    }
    CallStore(empty).close()
    assert rows_of(empty) == after, "it is opened again without a change"


def test_a_store_of_the_first_version_keeps_its_runs_events_and_calls(empty: Path) -> None:
    migrate(empty, "0001")
    put(empty, "0001")
    with closing(CallStore(empty)) as store:
        assert store.by_key([KEY])[KEY].outputs() == OUTPUTS
        assert store.by_recipe([RECIPE])[RECIPE].key == KEY
        assert store.learned() == {"t/n": 0.25}
        run = RunRows(store).get("r1")
        assert (run.state, run.title, run.client, run.created, run.ended) == ("succeeded", "old", "local", 5.0, 6.0)
        assert store.journal("r1") == [{"run": "r1", "seq": 1, "kind": "run_ended"}]
        assert store.record("r1") == b'{"run":"r1"}'
        assert [run.id for run in RunRows(store).page(state="running").items] == ["r2"]
        with store.writing() as connection:
            connection.execute(text("DELETE FROM runs WHERE id = 'r1'"))
        assert store.journal("r1") == [], "events go with their run, as before"


def test_an_older_database_is_migrated_and_keeps_its_rows(
    empty: Path, newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    CallStore(empty).close()
    put(empty, database.HEAD)
    monkeypatch.setattr(database, "MIGRATIONS", newer)
    monkeypatch.setattr(database, "HEAD", "9000")
    CallStore(empty).close()
    revision, has_moons, columns = state_of(empty)
    assert (revision, has_moons, columns[-1]) == ("9000", True, "moon")
    with raw(empty) as connection:
        found = connection.execute(text("SELECT id, moon FROM runs ORDER BY id")).all()
    assert found == [("q1", None), ("r1", None), ("r2", None)]


def test_a_migration_that_dies_leaves_the_old_database(
    empty: Path, newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    CallStore(empty).close()
    put(empty, database.HEAD)
    before, rows = state_of(empty), rows_of(empty)
    monkeypatch.setenv("DIE_IN_MIGRATION", "1")
    command = [sys.executable, "-c", OPEN, str(empty), str(newer)]
    died = subprocess.run(command, cwd=ROOT, timeout=60, capture_output=True, text=True)
    assert died.returncode == 137, died.stderr
    assert (state_of(empty), rows_of(empty)) == (before, rows)
    monkeypatch.delenv("DIE_IN_MIGRATION")
    subprocess.run(command, cwd=ROOT, timeout=60, check=True)
    assert state_of(empty)[:2] == ("9000", True)


def test_processes_that_open_an_empty_database_at_once_build_it_once(empty: Path) -> None:
    command = [sys.executable, "-c", OPEN_AS_IT_IS, str(empty)]
    started = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    told = [one.communicate(timeout=60)[1] for one in started]
    assert [one.returncode for one in started] == [0, 0, 0, 0], told
    assert state_of(empty)[0] == database.HEAD


def test_an_empty_database_that_another_process_is_making_is_waited_for(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "diorama.db", isolation_level=None, check_same_thread=False)
    with closing(other), ThreadPoolExecutor(1) as pool:
        other.execute("BEGIN IMMEDIATE")
        opened = pool.submit(CallStore, tmp_path, busy_seconds=30.0, database="")
        assert not wait([opened], timeout=0.3).done, "it was opened in the middle of another's transaction"
        other.execute("COMMIT")
        opened.result(timeout=30).close()
