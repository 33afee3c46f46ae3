"""SHA-256 digests of weight files, each worked out once and kept with the size and time of the file."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson
from blake3 import blake3
from pydantic import TypeAdapter, ValidationError

from diorama.atomic import write_whole
from diorama.faults import DioramaError

Stamp = tuple[int, int]
"""Size and time of change in nanoseconds: another file of the same name has another stamp."""
CHUNK: Final = 2**20
SHA256_DIGITS: Final = 64
THREADS: Final = 4
"""Files hashed at once: SHA-256 runs at one to two GB a second on one core, disks give more."""
_KEPT: TypeAdapter[dict[str, tuple[int, int, str]]] = TypeAdapter(dict[str, tuple[int, int, str]])


def stamp_of(path: Path) -> Stamp:
    """Size and time of a file; raises `OSError` where there is none."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def sha256_of(path: Path) -> str:
    """The digest that a weight file is published with, in hexadecimal."""
    hasher = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            hasher.update(chunk)
    return hasher.hexdigest()


class DigestBook:
    """The digests of one model's files, kept in a file of their own so that no start hashes gigabytes again.

    Where that file cannot be written, digests are worked out anew each time the process starts.
    """

    def __init__(self, kept: Path, folder: Path) -> None:
        self.folder = folder
        self.path = kept / f"{folder.name}-{blake3(os.fsencode(folder.absolute())).hexdigest()[:16]}.json"
        self._known = _read(self.path)

    def known(self, name: str) -> str | None:
        """The digest of a file that is as it was when it was hashed; None for any other."""
        kept = self._known.get(name)
        with suppress(OSError):
            if kept is not None and kept[:2] == stamp_of(self.folder / name):
                return kept[2]
        return None

    def digests(self, names: Sequence[str]) -> Mapping[str, str]:
        """The digests of files, by name; those that are not known are worked out. Raises `OSError`."""
        found = {name: self.known(name) for name in names}
        unknown = [name for name, digest in found.items() if digest is None]
        if unknown:
            with ThreadPoolExecutor(min(THREADS, len(unknown)), "diorama-digest") as pool:
                self._known |= dict(zip(unknown, pool.map(self._hashed, unknown), strict=True))
            self._write()
        return {name: digest or self._known[name][2] for name, digest in found.items()}

    def _hashed(self, name: str) -> tuple[int, int, str]:
        before = stamp_of(self.folder / name)
        digest = sha256_of(self.folder / name)
        if stamp_of(self.folder / name) != before:
            raise OSError(f"{self.folder / name} was changed while it was read")
        return *before, digest

    def _write(self) -> None:
        with suppress(DioramaError, OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.path, orjson.dumps(self._known, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))


def _read(path: Path) -> dict[str, tuple[int, int, str]]:
    try:
        return _KEPT.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return {}


@dataclass(frozen=True, slots=True)
class Published:
    """What came with the files about themselves."""

    digests: Mapping[str, str]
    """SHA-256 by name."""
    revision: str = ""
    """The commit that all of them were downloaded from, where that is known."""


def published(folder: Path) -> Published:
    """What `SHA256SUMS` says of the files, or else what the hub's downloader wrote beside them."""
    with suppress(OSError, UnicodeDecodeError):
        text = (folder / "SHA256SUMS").read_text("utf-8")
        lines = [line.split(maxsplit=1) for line in text.splitlines() if line.strip()]
        return Published({line[1].lstrip("*").strip(): line[0].lower() for line in lines if len(line) == 2})
    notes = folder / ".cache" / "huggingface" / "download"
    digests: dict[str, str] = {}
    commits: set[str] = set()
    for note in sorted(notes.rglob("*.metadata")) if notes.is_dir() else ():
        with suppress(OSError, UnicodeDecodeError):
            commit, etag, *_ = [*note.read_text("utf-8").split(), "", ""]
            commits.add(commit)
            # Files kept outside of Git are known to the hub by their SHA-256, others by their Git digest.
            if len(etag) == SHA256_DIGITS:
                digests[note.relative_to(notes).as_posix().removesuffix(".metadata")] = etag.lower()
    return Published(digests, commits.pop() if len(commits) == 1 else "")
