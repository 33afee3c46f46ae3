"""Files on their way in: a part at a time, resumed after any break, and kept only when they are whole and sound."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, Final, Literal

import orjson
from blake3 import blake3

from diorama.faults import BadInput, failure
from diorama.keys import Digest
from diorama.limits import limits
from diorama.refusals import NoSuch
from diorama.server.inspection.inspector import Found, Inspector
from diorama.server.names import read_name
from diorama.store.blobs import BlobStore

ID: Final = re.compile(r"[0-9a-f]{32}")
DIGEST: Final = re.compile(r"(blake3|sha256):[0-9a-f]{64}")
FileType = Literal["audio", "file", "image", "mask", "mesh", "motion", "rig", "scene", "splat", "video"]
"""What a file can be read as."""
KEPT_SECONDS: Final = 24 * 3600.0
"""How long an upload that nobody goes on with is kept."""
MOST_UPLOADS: Final = 1000
"""Uploads under way at a time."""
RESERVE_BYTES: Final = 256 * 2**20
"""Room that uploads leave on the disk, so that what runs can still be written."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is being uploaded: what it is to be, and how much of it is there."""

    id: str
    name: str
    size: int
    digest: str | None
    """What the whole is to hash to, as `blake3:...` or `sha256:...`."""
    type: str | None
    """The type it is to be read as; None for what its content says."""
    project: str | None
    client: str
    offset: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether all of it is there."""
        return self.offset == self.size


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that is whole, sound and in the store."""

    upload: Upload
    digest: Digest
    found: Found


class Uploads:
    """The uploads of a store, in a folder of their own; they outlive the server, and servers may share them."""

    def __init__(self, blobs: BlobStore, inspector: Inspector, wall: Callable[[], float] = time.time) -> None:
        self.blobs = blobs
        self.inspector = inspector
        self.folder = blobs.root / "uploads"
        self._wall = wall
        self.folder.mkdir(exist_ok=True)
        self.sweep()

    def begin(self, upload: Upload) -> Upload:
        """Make room for a file; `upload.id` is chosen here. Raises `DioramaError` (U001, U002, R006)."""
        most = limits().max_file_bytes
        if not 0 < upload.size <= most:
            said = f"{upload.size:,} bytes are announced, but 1 to {most:,} are taken"
            raise failure("U002", "size", said)
        if upload.digest is not None and not DIGEST.fullmatch(upload.digest):
            said = f"{upload.digest!r:.100} is no digest; `blake3:` or `sha256:` and 64 hexadecimal digits are wanted"
            raise failure("H001", "digest", said)
        self.sweep()
        if sum(1 for _ in self.folder.glob("*.json")) >= MOST_UPLOADS:
            raise failure("H008", "", f"{MOST_UPLOADS:,} uploads are under way; finish or cancel some first")
        if shutil.disk_usage(self.folder).free < upload.size + RESERVE_BYTES:
            raise failure("R006", "size", f"there is no room on the disk for {upload.size:,} bytes")
        begun = Upload(
            secrets.token_hex(16),
            read_name(upload.name),
            upload.size,
            upload.digest,
            upload.type,
            upload.project,
            upload.client,
        )
        with open(self._part(begun.id), "xb"):
            pass
        about = self.folder / f"{begun.id}.json"
        about.write_bytes(orjson.dumps({**asdict(begun), "begun": self._wall()}))
        return begun

    def get(self, upload: str) -> Upload:
        """An upload as it stands; raises `NoSuch`."""
        if not ID.fullmatch(upload):
            raise NoSuch("upload", upload)
        try:
            about = orjson.loads((self.folder / f"{upload}.json").read_bytes())
            offset = self._part(upload).stat().st_size
        except (FileNotFoundError, orjson.JSONDecodeError) as error:
            raise NoSuch("upload", upload) from error
        del about["begun"]
        return Upload(**{**about, "offset": offset})

    @contextmanager
    def appending(self, upload: str, offset: int) -> Iterator[Part]:
        """The end of an upload, to write at; for one writer at a time, whichever server it comes to.

        Raises `NoSuch`, and `DioramaError` (U003) where the upload ends elsewhere or somebody else writes to it.
        """
        self.get(upload)
        with self._held(upload) as file:
            there = self.get(upload)
            if there.offset != offset:
                said = f"the upload has {there.offset:,} bytes, but the part begins at {offset:,}; go on from there"
                raise failure("U003", "Upload-Offset", said)
            yield Part(file, there.size - offset)
            os.fsync(file.fileno())

    def finish(self, upload: str) -> Arrived | Upload:
        """The file in the store where it is whole, else the upload as it stands.

        Raises `DioramaError` (U004, U005) where it is not what it was to be; the upload is then gone.
        """
        there = self.get(upload)
        if not there.is_whole:
            return there
        with self._held(upload):
            path = self._part(upload)
            try:
                digest = self._verified(path, there)
                found = self.inspector.inspect(path, there.name, there.type)
            except BadInput as error:
                self._remove(upload)
                raise failure("U005", there.name, str(error)) from error
            self.blobs.take(path, digest)
            self._remove(upload)
        return Arrived(there, digest, found)

    def cancel(self, upload: str) -> None:
        """Forget an upload; raises `NoSuch`."""
        self.get(upload)
        self._remove(upload)

    def forget(self, upload: str) -> None:
        """Leave nothing of an upload, whether it is there or not."""
        if ID.fullmatch(upload):
            self._remove(upload)

    def sweep(self) -> int:
        """Remove what nobody went on with for long; gives how many."""
        count, before = 0, self._wall() - KEPT_SECONDS
        for about in self.folder.glob("*.json"):
            part = about.with_suffix(".part")
            with suppress(FileNotFoundError):
                latest = max(orjson.loads(about.read_bytes())["begun"], part.stat().st_mtime)
                if latest < before:
                    self._remove(about.stem)
                    count += 1
        return count

    def _verified(self, path: Path, upload: Upload) -> Digest:
        hasher = blake3()
        hasher.update_mmap(path)
        digest = Digest(hasher.digest())
        algorithm, _, wanted = (upload.digest or "").partition(":")
        given = digest.hex()
        if algorithm == "sha256":
            with path.open("rb") as file:
                given = hashlib.file_digest(file, "sha256").hexdigest()
        if wanted and not secrets.compare_digest(given, wanted):
            self._remove(upload.id)
            raise failure("U004", upload.name, f"the file hashes to {algorithm}:{given}, not to {upload.digest}")
        return digest

    @contextmanager
    def _held(self, upload: str) -> Iterator[BinaryIO]:
        try:
            file = open(self._part(upload), "ab", buffering=0)  # noqa: SIM115  # closed below, with its lock
        except FileNotFoundError as error:
            raise NoSuch("upload", upload) from error
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise failure("U003", upload, "another request writes to this upload") from error
            yield file

    def _part(self, upload: str) -> Path:
        return self.folder / f"{upload}.part"

    def _remove(self, upload: str) -> None:
        for ending in (".json", ".part"):
            (self.folder / f"{upload}{ending}").unlink(missing_ok=True)


class Part:
    """The end of an upload while it is written."""

    def __init__(self, file: BinaryIO, room: int) -> None:
        self._file = file
        self._room = room

    def write(self, content: bytes) -> None:
        """Add some bytes; raises `DioramaError`: U002 where they are more than was announced, R006 where no room is."""
        if len(content) > self._room:
            raise failure("U002", "", "more bytes come in than were announced")
        self._room -= len(content)
        rest = memoryview(content)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise failure("R006", "", "the disk is full; make room and go on from the upload's offset") from error
            raise
