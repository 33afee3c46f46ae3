"""Bytes by the digest of their content, as files that are whole or not there."""

from __future__ import annotations

import errno
import os
import secrets
import stat
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from diorama.faults import failure
from diorama.keys import Digest, digest_of
from diorama.store.durable import LARGE_BYTES, write_durably
from diorama.store.fault_points import reach
from diorama.store.hashed import read_hashed

FOLDERS = ("blobs", "quarantine", "incoming")
FRESH_SECONDS = 1800.0
"""A blob that is used is marked as wanted now when its mark is older than this."""


class Damaged(Exception):
    """Raised where a blob is missing or is not what its digest says; `digest` names it."""

    def __init__(self, digest: Digest, reason: str) -> None:
        self.digest = digest
        super().__init__(f"blob {digest.hex()} {reason}")


def _at_once(path: str, flags: int) -> int:
    # Opening a pipe would wait for somebody to write into it.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


class BlobStore:
    """A folder of blobs that several processes may share.

    A blob is written to a temporary file, made durable, and renamed to its digest: a reader finds all of it or
    nothing. What does not match its digest is moved to `quarantine` and never served.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        try:
            for folder in FOLDERS:
                (root / folder).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise failure("S001", str(root), f"the store cannot be made there: {error.strerror}") from error

    def holds_any(self) -> bool:
        """Whether anything was ever kept here."""
        return any((self.root / "blobs").iterdir())

    def path(self, digest: Digest) -> Path:
        """Where the blob of this digest lies, or would lie."""
        name = digest.hex()
        return self.root / "blobs" / name[:2] / name

    def put(self, content: bytes) -> Digest:
        """Keep some bytes; they are durable when this returns. Raises `OSError` where there is no room."""
        if len(content) >= LARGE_BYTES:
            return self._put_large(content)
        digest = digest_of(content)
        if not self._is_wanted_again(digest, len(content)):
            with self._incoming() as temporary:
                write_durably(temporary, content)
                self._place(temporary, digest)
        return digest

    def _put_large(self, content: bytes) -> Digest:
        """Bytes that are hashed while they are written; where they turn out to be here, what was written goes."""
        with ThreadPoolExecutor(1) as side, self._incoming() as temporary:
            hashing = side.submit(digest_of, content)
            try:
                write_durably(temporary, content)
            except OSError:
                if not self._is_wanted_again(hashing.result(), len(content)):
                    raise
            else:
                if not self._is_wanted_again(hashing.result(), len(content)):
                    self._place(temporary, hashing.result())
            return hashing.result()

    @contextmanager
    def _incoming(self) -> Iterator[Path]:
        """A name for a temporary file, which is gone in the end."""
        temporary = self.root / "incoming" / f"{os.getpid()}.{secrets.token_hex(8)}"
        try:
            yield temporary
        finally:
            temporary.unlink(missing_ok=True)

    def _is_wanted_again(self, digest: Digest, size: int) -> bool:
        """Whether a blob is here already and whole; its time says then that it is wanted now."""
        target = self.path(digest)
        if self._is_whole(target, size):
            # Collection leaves young blobs alone.
            with suppress(FileNotFoundError):
                os.utime(target)
                return True
        return False

    def _place(self, path: Path, digest: Digest) -> None:
        """Let a file whose bytes are on the disk be the blob of its digest."""
        reach("blob-synced")
        target = self.path(digest)
        target.parent.mkdir(exist_ok=True)
        if target.is_dir():
            self._quarantine(digest)
        path.replace(target)
        reach("blob-renamed")
        _sync_folder(target.parent)

    def take(self, path: Path, digest: Digest) -> None:
        """Keep a file of this store's disk, whose digest was found, by moving it; it is durable when this returns."""
        with path.open("rb") as file:
            os.fsync(file.fileno())
            size = os.fstat(file.fileno()).st_size
        if self._is_wanted_again(digest, size):
            path.unlink(missing_ok=True)
            return
        os.utime(path)
        self._place(path, digest)

    def get(self, digest: Digest) -> bytes:
        """The bytes of this digest, verified; raises `Damaged` where there are none or they are others."""
        path = self.path(digest)
        try:
            content, found = read_hashed(path)
        except FileNotFoundError as error:
            raise Damaged(digest, "is missing") from error
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EPERM, errno.EISDIR, errno.EIO):
                raise
            self._quarantine(digest)
            raise Damaged(digest, "cannot be read") from error
        if found != digest:
            self._quarantine(digest)
            raise Damaged(digest, "does not match its digest")
        return content

    def check(self, digest: Digest, size: int) -> None:
        """Verify a blob without keeping its bytes; raises `Damaged`."""
        path = self.path(digest)
        try:
            facts = path.stat()
        except FileNotFoundError as error:
            raise Damaged(digest, "is missing") from error
        if facts.st_size != size:
            self._quarantine(digest)
            raise Damaged(digest, f"has another size than {size:,} bytes")
        self.get(digest)
        if time.time() - facts.st_mtime > FRESH_SECONDS:
            # Whoever asks is about to use it: collection must find it young.
            with suppress(OSError):
                os.utime(path)

    def holds(self, digest: Digest, size: int) -> bool:
        """Whether there is a blob of this digest and size; its bytes are verified when they are read."""
        try:
            return self.path(digest).stat().st_size == size
        except OSError:
            return False

    def adopt(self, path: Path, most: int) -> tuple[Digest, int]:
        """Keep a copy of a file from outside, and give its digest and size; raises `OSError` if it cannot be read."""
        with open(path, "rb", opener=_at_once) as source:
            if not stat.S_ISREG(os.fstat(source.fileno()).st_mode):
                raise OSError(errno.EINVAL, "not a regular file")
            size = os.fstat(source.fileno()).st_size
            if size > most:
                raise OSError(errno.EFBIG, f"{size:,} bytes are more than the {most:,} that are taken")
            content = source.read(most + 1)
        return self.put(content), len(content)

    def digests(self) -> Iterator[tuple[Digest, os.stat_result]]:
        """Every blob that is there, with its file's facts."""
        for folder in sorted(path for path in (self.root / "blobs").iterdir() if path.is_dir()):
            for path in sorted(folder.iterdir()):
                with suppress(FileNotFoundError, ValueError):
                    yield Digest(bytes.fromhex(path.name)), path.stat()

    def remove(self, digest: Digest, written_before: float) -> bool:
        """Take a blob away unless it was written or wanted since a moment (seconds since the epoch)."""
        path = self.path(digest)
        try:
            # Looked at again here, as another process may have wanted it since all of them were listed.
            if path.stat().st_mtime >= written_before:
                return False
            path.unlink()
        except FileNotFoundError:
            return False
        return True

    def sweep(self, older_than: float) -> int:
        """Remove temporary files last written before a moment (seconds since the epoch); gives how many."""
        count = 0
        for path in (self.root / "incoming").iterdir():
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < older_than:
                    path.unlink()
                    count += 1
        return count

    def _is_whole(self, path: Path, size: int) -> bool:
        """Whether the content is there already; a file of the right size is read, since it may be damaged."""
        try:
            if path.stat().st_size != size:
                return False
            return read_hashed(path)[1].hex() == path.name
        except OSError:
            return False

    def _quarantine(self, digest: Digest) -> None:
        with suppress(OSError):
            self.path(digest).replace(self.root / "quarantine" / f"{digest.hex()}.{secrets.token_hex(4)}")


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
