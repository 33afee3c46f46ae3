"""A full disk is told as R006, leaves nothing half-written, and the same run goes on once there is room."""

from __future__ import annotations

import errno
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from io import FileIO
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy.exc import OperationalError
from tests.support.queued import drained, event, new
from tests.support.tally import calls_made, catalogue, graph_of, growing

from diorama.catalogue import Pack, catalogue_of
from diorama.context import Context
from diorama.faults import DioramaError
from diorama.graph import Graph
from diorama.keys import digest_of
from diorama.node import node
from diorama.session import Result, Session
from diorama.store import care, durable, fault_points
from diorama.store.calls import CallStore
from diorama.store.queue import Promise, Queue
from diorama.store.run_rows import RunRows
from diorama.types import File

WANTED = 18_000


def run(session: Session, graph: Graph) -> tuple[Result | None, list[str]]:
    """The result where there is one, and the codes of all faults, be they raised or told."""
    try:
        result = session.run(graph)
    except DioramaError as error:
        return None, [fault.code for fault in error.faults]
    return result, [fault.code for fault in result.faults]


def no_space(*given: object) -> NoReturn:
    raise OSError(errno.ENOSPC, "No space left on device")


class FullDatabase:
    """Stands for SQLite on a full disk from the n-th transaction on."""

    def __init__(self, store: CallStore, spared: int) -> None:
        self.left = spared
        self.write = store.writing
        self.told = store.database.told

    def writing(self) -> object:
        self.left -= 1
        if self.left < 0:
            with self.told():
                raise OperationalError("COMMIT", {}, Exception("database or disk is full"))
        return self.write()


@pytest.mark.parametrize("spared", range(4))
def test_a_blob_that_finds_no_room_is_not_there_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spared: int
) -> None:
    left = iter([fault_points.reach] * (2 * spared))

    def reach(point: str) -> None:
        if point in ("blob-opened", "blob-written"):
            next(left, no_space)(point)

    with Session(tmp_path, catalogue=catalogue(), executor="inline") as session:
        monkeypatch.setattr(durable, "reach", reach)
        result, codes = run(session, growing())
        if spared == 3:
            assert codes == []
            return
        assert result is not None
        assert (result.state, codes) == ("failed", ["R006"])
        assert list((tmp_path / "incoming").iterdir()) == []
        assert care.verify(session.store).damaged == ()
        monkeypatch.undo()
        again = session.run(growing())
        assert again["length"] == WANTED
        assert calls_made(again) == ["a", "b", "c", "length"][spared:]


@pytest.mark.parametrize("spared", range(8))
def test_a_commit_that_finds_no_room_takes_nothing_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spared: int
) -> None:
    with Session(tmp_path, catalogue=catalogue(), executor="inline") as session:
        monkeypatch.setattr(session.store, "writing", FullDatabase(session.store, spared).writing)
        result, codes = run(session, growing())
        assert set(codes) == {"R006"}
        assert result is None or result.state == "failed"
        monkeypatch.undo()
        assert care.verify(session.store).damaged == ()
    with Session(tmp_path, catalogue=catalogue(), executor="inline", claim_seconds=0.1) as session:
        assert session.run(growing())["length"] == WANTED


@node
def size_of(ctx: Context, file: File) -> int:
    """Give the file's size."""
    return file.size


def test_a_named_file_that_finds_no_room_is_no_missing_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "given.txt").write_text("some text")
    graph = graph_of({"a": ("size_of", {"file": str(tmp_path / "given.txt")})}, "a")
    with Session(tmp_path / "store", catalogue=catalogue_of(Pack("t", "1"), size_of)) as session:
        monkeypatch.setattr(durable, "reach", no_space)
        _, codes = run(session, graph)
    assert codes == ["R006"]


def test_a_run_for_which_there_is_no_room_is_not_accepted(small_disk: Path) -> None:
    with closing(CallStore(small_disk / "store", database="")) as store:
        queue = Queue(store)
        queue.add([new("a.1")], promise=Promise("a", "1", digest_of(b"1")), tell=event)
        make_room = fill(small_disk, 0)
        large = replace(new("a.2"), graph=b"x" * 200_000)
        promise = Promise("a", "2", digest_of(b"2"))
        for _ in range(2):
            with pytest.raises(DioramaError, match="R006"):
                queue.add([large], promise=promise, tell=event)
        assert RunRows(store).counts() == {"queued": 1}
        make_room()
        assert queue.add([large], promise=promise, tell=event) is None
        assert drained(queue) == ["a.1", "a.2"]
        assert care.verify(store).database == "ok"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 16 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"a small disk needs the right to mount: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _has_room(file: FileIO) -> bool:
    try:
        return file.write(b"\0" * 65_536) > 0
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return False


def fill(folder: Path, leave: int) -> Callable[[], None]:
    """Fill a disk up to the last `leave` bytes; gives what makes room again."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        while _has_room(file):
            pass
        file.truncate(max(0, file.tell() - leave))
    return ballast.unlink


@pytest.mark.parametrize("leave", [0, 8_192, 40_960, 131_072])
def test_on_a_disk_that_is_really_full_the_same_run_goes_on_after_room_is_made(small_disk: Path, leave: int) -> None:
    texts = {f"t{number}": ("grown", {"text": "", "by": number}) for number in range(60)}
    graph = graph_of(texts, *texts)
    with closing(CallStore(small_disk / "store")):
        make_room = fill(small_disk, leave)
    try:
        with Session(small_disk / "store", catalogue=catalogue(), executor="inline", claim_seconds=0.1) as session:
            _, codes = run(session, graph)
    except DioramaError as error:
        codes = [fault.code for fault in error.faults]
    assert set(codes) == {"R006"}
    make_room()
    with Session(small_disk / "store", catalogue=catalogue(), executor="inline", claim_seconds=0.1) as session:
        assert care.verify(session.store).damaged == ()
        assert session.run(graph).state == "succeeded"
        assert care.verify(session.store).damaged == ()
    assert list((small_disk / "store" / "incoming").iterdir()) == []
