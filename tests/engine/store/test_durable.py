"""Files written to disk, past the page cache and by way of it."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from diorama.store import blobs, durable
from diorama.store.blobs import BlobStore
from diorama.store.durable import BUFFER_BYTES, LARGE_BYTES, write_durably

SIZES = [
    0,
    1,
    4095,
    LARGE_BYTES - 1,
    LARGE_BYTES,
    LARGE_BYTES + 1,
    BUFFER_BYTES,
    BUFFER_BYTES + 4097,
    3 * BUFFER_BYTES - 5,
]
open_ = os.open


def content_of(size: int) -> bytes:
    return np.random.default_rng(size).bytes(size)


def refuse_direct(path: str | Path, flags: int, mode: int = 0o777) -> int:
    if flags & os.O_DIRECT:
        raise OSError(errno.EINVAL, "no direct writes here")
    return open_(path, flags, mode)


def refuse_blocks(file: int, blocks: memoryview, start: int) -> int:
    raise OSError(errno.EINVAL, "no direct writes here")


SYSTEMS = [
    pytest.param(lambda patch: None, id="as it is"),
    pytest.param(lambda patch: patch.setattr(os, "open", refuse_direct), id="that opens nothing for direct writes"),
    pytest.param(lambda patch: patch.setattr(os, "pwrite", refuse_blocks), id="that takes no direct writes"),
]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("system", SYSTEMS)
def test_a_file_holds_what_was_written_on_a_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, system: Callable[[pytest.MonkeyPatch], None]
) -> None:
    system(monkeypatch)
    content = content_of(size)
    write_durably(tmp_path / "file", content)
    assert (tmp_path / "file").read_bytes() == content


def test_a_shorter_file_after_a_longer_one_holds_nothing_of_that(tmp_path: Path) -> None:
    write_durably(tmp_path / "long", b"\xff" * (BUFFER_BYTES + LARGE_BYTES))
    write_durably(tmp_path / "short", b"\0" * (LARGE_BYTES + 5))
    assert (tmp_path / "short").read_bytes() == b"\0" * (LARGE_BYTES + 5)


def test_a_large_blob_that_finds_no_room_is_not_there_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(file: int, blocks: memoryview, start: int) -> int:
        raise OSError(errno.ENOSPC, "no space left")

    store = BlobStore(tmp_path)
    monkeypatch.setattr(os, "pwrite", no_space)
    monkeypatch.setattr(durable, "_write", lambda path, content: no_space(0, memoryview(content), 0))
    with pytest.raises(OSError, match="no space left"):
        store.put(content_of(LARGE_BYTES))
    assert list(store.digests()) == []
    assert list((tmp_path / "incoming").iterdir()) == []


def test_a_large_blob_that_is_here_already_is_kept_once_whether_there_is_room_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(path: Path, content: bytes) -> None:
        path.write_bytes(content[:100])
        raise OSError(errno.ENOSPC, "no space left")

    store, content = BlobStore(tmp_path), content_of(LARGE_BYTES + 1)
    digest = store.put(content)
    os.utime(store.path(digest), (0, 0))
    assert store.put(content) == digest
    monkeypatch.setattr(blobs, "write_durably", no_space)
    assert store.put(content) == digest
    assert store.get(digest) == content
    assert store.path(digest).stat().st_mtime > 0, "it counts as wanted now"
    assert [found for found, _ in store.digests()] == [digest]
    assert list((tmp_path / "incoming").iterdir()) == []


def test_a_damaged_large_blob_is_made_whole_by_keeping_its_bytes_again(tmp_path: Path) -> None:
    store, content = BlobStore(tmp_path), content_of(LARGE_BYTES + 1)
    digest = store.put(content)
    with store.path(digest).open("r+b") as file:
        file.seek(LARGE_BYTES)
        file.write(b"\0\0")
    assert store.put(content) == digest
    assert store.get(digest) == content
