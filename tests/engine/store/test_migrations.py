"""The tables are what the migrations build, step by step, and a step that is cut off leaves the old state."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from tests.support.child import ROOT

from diorama.store import database, tables
from diorama.store.calls import CallStore

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


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The folder of migrations with one more."""
    folder = tmp_path / "migrations"
    shutil.copytree(database.MIGRATIONS, folder)
    (folder / "versions" / "9000_moons.py").write_text(NEXT.format(head=database.HEAD))
    return folder


def state_of(store: Path) -> tuple[str, bool, list[str]]:
    with closing(sqlite3.connect(store / "diorama.db")) as connection:
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        moons = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'moons'").fetchone()
        columns = [row[1] for row in connection.execute("PRAGMA table_info(runs)")]
    return revision, moons is not None, columns


def add_run(store: Path) -> None:
    with closing(sqlite3.connect(store / "diorama.db")) as connection:
        connection.execute(
            "INSERT INTO runs (id, state, title, graph, parameters, options, faults, client, priority, position, "
            "token, attempt, created, started) "
            "VALUES ('r', 'succeeded', 't', '', '', '{}', '[]', 'local', 0, 1, 0, 1, 1, 1)"
        )
        connection.commit()


def test_the_tables_are_what_the_migrations_build(tmp_path: Path) -> None:
    store = CallStore(tmp_path)
    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
    store.close()


def test_the_head_is_the_newest_migration_and_all_are_known() -> None:
    scripts = ScriptDirectory(str(database.MIGRATIONS))
    assert scripts.get_heads() == [database.HEAD]
    assert sorted(script.revision for script in scripts.walk_revisions()) == sorted(database.KNOWN)


def test_an_older_database_is_migrated_and_keeps_its_rows(
    tmp_path: Path, newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store"
    CallStore(store).close()
    add_run(store)
    monkeypatch.setattr(database, "MIGRATIONS", newer)
    monkeypatch.setattr(database, "HEAD", "9000")
    CallStore(store).close()
    revision, has_moons, columns = state_of(store)
    assert (revision, has_moons, columns[-1]) == ("9000", True, "moon")
    with closing(sqlite3.connect(store / "diorama.db")) as connection:
        assert connection.execute("SELECT id, moon FROM runs").fetchall() == [("r", None)]


def test_a_migration_that_dies_leaves_the_old_database(
    tmp_path: Path, newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store"
    CallStore(store).close()
    add_run(store)
    before = state_of(store)
    monkeypatch.setenv("DIE_IN_MIGRATION", "1")
    command = [sys.executable, "-c", OPEN, str(store), str(newer)]
    died = subprocess.run(command, cwd=ROOT, timeout=60, capture_output=True, text=True)
    assert died.returncode == 137, died.stderr
    assert state_of(store) == before
    monkeypatch.delenv("DIE_IN_MIGRATION")
    subprocess.run(command, cwd=ROOT, timeout=60, check=True)
    assert state_of(store)[:2] == ("9000", True)
