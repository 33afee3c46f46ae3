"""A database that cannot be used is told as a fault, and nothing is ever made in the place of data."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from tests.support import child
from tests.support.tally import calls_made, catalogue, growing

from diorama.faults import DioramaError
from diorama.session import Session
from diorama.store.calls import CallStore


@pytest.fixture
def used(tmp_path: Path) -> Path:
    """A store that holds a run."""
    with Session(tmp_path / "store", catalogue=catalogue(), executor="inline") as session:
        session.run(growing())
    return tmp_path / "store"


def sql(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()


def no_database(path: Path) -> None:
    path.write_bytes(b"not a database at all, " * 100)


def newer(path: Path) -> None:
    sql(path, "UPDATE alembic_version SET version_num = '9999'")


def torn(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


def of_another_program(path: Path) -> None:
    path.unlink()
    # Opening sets this mode, which alone changes two bytes of the file's head.
    sql(path, "PRAGMA journal_mode=WAL")
    sql(path, "CREATE TABLE letters (id INTEGER)")


CASES: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "no database": (no_database, "S004", "file is not a database; it was left as it is"),
    "a database of a newer version": (newer, "S002", "of version 9999, but this Diorama knows up to"),
    "a folder in its place": (folder_instead, "S001", "unable to open database file"),
    "another program's database": (of_another_program, "S004", "none of Diorama's (letters)"),
    "gone while values are there": (lambda path: path.unlink(), "S004", "its database is gone or empty"),
    "emptied while values are there": (lambda path: path.write_bytes(b""), "S004", "its database is gone or empty"),
    "pages that are torn": (torn, "S004", "malformed"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_database_that_cannot_be_used_is_refused_and_left_as_it_is(used: Path, name: str) -> None:
    harm, code, says = CASES[name]
    path = used / "diorama.db"
    harm(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(DioramaError) as refused:
        CallStore(used)
    (fault,) = refused.value.faults
    assert (fault.code, fault.at) == (code, str(path))
    assert says in fault.message
    if before:
        assert path.read_bytes() == before


def test_another_process_that_writes_too_long_is_told(used: Path) -> None:
    with closing(sqlite3.connect(used / "diorama.db", isolation_level=None)) as foreign:
        foreign.execute("BEGIN IMMEDIATE")
        with pytest.raises(DioramaError, match=r"S003.*another process holds the database"):
            CallStore(used, busy_seconds=0.05)
        foreign.execute("ROLLBACK")
        CallStore(used, busy_seconds=0.05).close()


def test_a_writer_waits_for_one_that_is_soon_done(used: Path) -> None:
    import threading

    with closing(sqlite3.connect(used / "diorama.db", isolation_level=None, check_same_thread=False)) as foreign:
        foreign.execute("BEGIN IMMEDIATE")
        threading.Timer(0.2, foreign.execute, ["ROLLBACK"]).start()
        CallStore(used, busy_seconds=30).close()


def test_a_wal_file_that_is_deleted_costs_calls_but_never_the_truth(tmp_path: Path) -> None:
    dead = child.begin(tmp_path, "growing", DIORAMA_DIE_AT="events-sent:3")
    dead.communicate(timeout=60)
    assert dead.returncode == 137
    for name in ("diorama.db-wal", "diorama.db-shm"):
        (tmp_path / name).unlink()
    with Session(tmp_path, catalogue=catalogue(), executor="inline") as session:
        assert session.run(growing())["length"] == 18_000
        assert calls_made(session.run(growing())) == []


def test_a_file_where_the_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file")
    with pytest.raises(DioramaError, match=r"S001.*store: the store cannot be made there"):
        CallStore(tmp_path / "store")
    with pytest.raises(DioramaError, match=r"S001.*below: the store cannot be made there"):
        CallStore(tmp_path / "store" / "below")


@pytest.mark.parametrize("name", ["no space ?x=1", "percent %41 #", "quote's", "ö 夜"])
def test_a_store_may_have_any_name(tmp_path: Path, name: str) -> None:
    with Session(tmp_path / name, catalogue=catalogue(), executor="inline") as session:
        session.run(growing())
    assert (tmp_path / name / "diorama.db").stat().st_size > 0
    assert [path.name for path in tmp_path.iterdir()] == [name]


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The folder on a file system that takes no writes: for root, permissions are no obstacle."""
    mounted = subprocess.run(["mount", "--bind", str(folder), str(folder)], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"a read-only folder needs the right to mount: {mounted.stderr.strip()}")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def without_permission(folder: Path) -> Iterator[None]:
    paths = [folder, *folder.rglob("*")]
    modes = [path.stat().st_mode for path in paths]
    for path in reversed(paths):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield
    finally:
        for path, mode in zip(paths, modes, strict=True):
            path.chmod(mode)


def test_a_store_that_cannot_be_written_is_told_and_stays_as_it_is(used: Path) -> None:
    before = {path: path.read_bytes() for path in used.rglob("*") if path.is_file()}
    unwritable = read_only if os.geteuid() == 0 else without_permission
    with unwritable(used), pytest.raises(DioramaError, match=r"S001"):
        CallStore(used)
    assert {path: path.read_bytes() for path in used.rglob("*") if path.is_file()} == before


def test_a_folder_that_cannot_be_written_holds_no_store(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    unwritable = read_only if os.geteuid() == 0 else without_permission
    with unwritable(folder), pytest.raises(DioramaError, match=r"S001.*cannot be made there"):
        CallStore(folder)
    shutil.rmtree(folder)
