"""A PostgreSQL that tests start themselves, from the binaries in the wheel `pgserver`.

One server serves all test processes. It belongs to a keeper, `python -m tests.support.postgres FOLDER [durable]`, which
lives as long as a test process holds the keeper's pipe open, however that process ends.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import pwd
import secrets
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
TEMPLATE = "migrated"
"""The database that tests get copies of: it holds the tables already."""
SMALL = ("shared_buffers=32MB", "max_connections=200")
FAST = ("fsync=off", "full_page_writes=off", "autovacuum=off")


def why_none() -> str | None:
    """Why there is no PostgreSQL to be had here, or None where there is one."""
    if importlib.util.find_spec("pgserver") is None:
        return "PostgreSQL for tests comes in the wheel pgserver, which there is not for this platform"
    return None


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server, reached through a socket in its folder."""

    folder: Path

    def url(self, database: str) -> str:
        """The URL of one of its databases."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def run(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """What a statement gives, outside of any transaction."""
        text = f"host={self.folder} user=postgres dbname={database}"
        with psycopg.connect(text, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def database(self, template: str = TEMPLATE) -> Iterator[str]:
        """The URL of a fresh database, gone afterwards."""
        name = f"t{secrets.token_hex(8)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        try:
            yield self.url(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def running(shared: Path, *, is_durable: bool = False) -> Iterator[Postgres]:
    """The server of all test processes that share a folder; the first one starts it.

    Tests do without waiting for the disk: what they ask is not what outlives a power cut.
    """
    shared.mkdir(parents=True, exist_ok=True)
    pipe, place = shared / "pipe", shared / "place"
    with _locked(shared):
        held = _held(pipe)
        if held is None:
            held = _begun(shared, pipe, is_durable)
        postgres = Postgres(Path(place.read_text()))
    try:
        yield postgres
    finally:
        os.close(held)


@contextmanager
def _locked(shared: Path) -> Iterator[None]:
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _held(pipe: Path) -> int | None:
    """The keeper's pipe held open, or None where there is no keeper."""
    with suppress(OSError):
        return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    return None


def _begun(shared: Path, pipe: Path, is_durable: bool) -> int:
    pipe.unlink(missing_ok=True)
    os.mkfifo(pipe)
    command = [sys.executable, "-m", "tests.support.postgres", str(shared), *(["durable"] if is_durable else [])]
    keeper = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    assert keeper.stdout is not None
    assert keeper.stderr is not None
    ready, _, _ = select.select([keeper.stdout], [], [], START_SECONDS)
    held = _held(pipe)
    if not ready or keeper.stdout.readline() != b"ready\n" or held is None:
        keeper.kill()
        raise RuntimeError(f"PostgreSQL did not start: {keeper.stderr.read().decode(errors='replace')}")
    keeper.stdout.close()
    keeper.stderr.close()
    # It outlives this process where another one holds its pipe.
    keeper.returncode = 0
    return held


def keep(shared: Path, is_durable: bool) -> None:
    """Run a server until nobody holds the pipe any more."""
    pipe = os.open(shared / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    folder = Path(tempfile.mkdtemp(prefix="diorama-pg-"))
    try:
        with _server(folder, is_durable):
            (shared / "place").write_text(str(folder))
            _make_template(Postgres(folder))
            print("ready", flush=True)
            _wait_for_the_last(shared, pipe)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for_the_last(shared: Path, pipe: int) -> None:
    waiting = select.poll()
    waiting.register(pipe, select.POLLIN)
    # Until somebody has come there is no end to be seen.
    while True:
        waiting.poll()
        with _locked(shared):
            if any(happened & select.POLLHUP for _, happened in waiting.poll(0)):
                (shared / "pipe").unlink()
                return


def _make_template(postgres: Postgres) -> None:
    from diorama.store.calls import CallStore

    postgres.run(f"CREATE DATABASE {TEMPLATE}")
    with tempfile.TemporaryDirectory() as folder:
        CallStore(Path(folder), database=postgres.url(TEMPLATE)).close()


@contextmanager
def _server(folder: Path, is_durable: bool) -> Iterator[None]:
    """A server in a folder that needs to be empty, run by a user of small rights: PostgreSQL refuses root."""
    user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    binaries = _binaries(folder, user)
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    data = folder / "data"
    with (folder / "log").open("wb") as log:
        made = [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
        _as(user, made, log).wait(START_SECONDS)
        options = [word for one in (*SMALL, *(() if is_durable else FAST)) for word in ("-c", one)]
        serve = [binaries / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", *options]
        server = _as(user, serve, log)
        try:
            _wait_until_it_answers(Postgres(folder), server, folder / "log")
            yield
        finally:
            _end(server)


def _end(server: subprocess.Popen[bytes]) -> None:
    """End a server at once: nothing in it is wanted any more."""
    server.send_signal(signal.SIGQUIT)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(10)


def _binaries(folder: Path, user: pwd.struct_passwd | None) -> Path:
    """The programs of the wheel, copied where that user cannot come to where they are installed."""
    found = importlib.util.find_spec("pgserver")
    assert found is not None
    assert found.origin is not None
    installed = Path(found.origin).parent / "pginstall"
    can_come = os.geteuid() != 0 or all(parent.stat().st_mode & 0o001 for parent in installed.parents)
    if can_come:
        return installed / "bin"
    copy = folder / "pginstall"
    shutil.copytree(installed, copy, symlinks=True)
    return copy / "bin"


def _as(user: pwd.struct_passwd | None, command: Sequence[object], log: IO[bytes]) -> subprocess.Popen[bytes]:
    """A program run by a user, the present one for None."""
    return subprocess.Popen(
        [str(word) for word in command],
        stdout=log,
        stderr=log,
        cwd="/",
        user=None if user is None else user.pw_uid,
        group=None if user is None else user.pw_gid,
        extra_groups=None if user is None else [],
    )


def _wait_until_it_answers(postgres: Postgres, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(START_SECONDS * 20):
        with suppress(psycopg.OperationalError):
            postgres.run("SELECT 1")
            return
        with suppress(subprocess.TimeoutExpired):
            server.wait(0.05)
            raise RuntimeError(log.read_text(errors="replace"))
    raise RuntimeError(f"no answer within {START_SECONDS} s: {log.read_text(errors='replace')}")


if __name__ == "__main__":
    keep(Path(sys.argv[1]), sys.argv[2:] == ["durable"])
