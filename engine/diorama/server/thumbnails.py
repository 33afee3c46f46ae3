"""What is made of artefacts to be seen: small pictures, and the bones of motions; made once, kept beside the store."""

from __future__ import annotations

import os
import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Final, Literal, get_args

from diorama.faults import BadInput, failure
from diorama.keys import Digest, written
from diorama.server.inspection.inspector import Inspector
from diorama.store.blobs import BlobStore

Size = Literal[64, 128, 256, 512]
SIZES: Final[Sequence[int]] = get_args(Size)
Form = Literal["webp", "png"]
KEPT_BYTES: Final = 256 * 2**20
PRUNE_EVERY: Final = 100
"""After so many new ones the oldest beyond the bound go."""
MOST_REFUSED: Final = 10_000


class Thumbnails:
    """The thumbnails of a store, by digest and size. Any thread may ask."""

    def __init__(self, blobs: BlobStore, inspector: Inspector, kept_bytes: int = KEPT_BYTES) -> None:
        self._blobs = blobs
        self._inspector = inspector
        self._folder = blobs.root / "thumbnails"
        self._folder.mkdir(exist_ok=True)
        self._kept_bytes = kept_bytes
        self._made = 0
        self._refused: OrderedDict[tuple[Digest, str], str] = OrderedDict()
        self._lock = Lock()

    def get(self, digest: Digest, type_: str, size: Size, form: Form) -> bytes:
        """A picture of an artefact, its longer side at most `size` pixels.

        Raises `DioramaError` (U007) where there is nothing to see of it.
        """
        return self._get(
            digest,
            type_,
            f"{type_}-{size}.{form}",
            lambda source, target: self._inspector.thumbnail(source, type_, size, target),
        )

    def bones(self, digest: Digest) -> bytes:
        """A motion's skeleton as a GLB that moves; raises `DioramaError` (U007) where the artefact is no motion."""
        return self._get(digest, "bones", "bones.glb", self._inspector.bones)

    def _get(self, digest: Digest, type_: str, ending: str, write: Callable[[Path, Path], None]) -> bytes:
        path = self._folder / f"{digest.hex()}-{ending}"
        with suppress(FileNotFoundError):
            content = path.read_bytes()
            os.utime(path)
            return content
        known = self._refused.get((digest, type_))
        if known is not None:
            raise failure("U007", written(digest), known)
        return self._make(digest, type_, path, write)

    def _make(self, digest: Digest, type_: str, path: Path, write: Callable[[Path, Path], None]) -> bytes:
        temporary = self._folder / f".{secrets.token_hex(8)}{path.suffix}"
        try:
            write(self._blobs.path(digest), temporary)
            content = temporary.read_bytes()
            temporary.replace(path)
        except BadInput as error:
            with self._lock:
                self._refused[digest, type_] = str(error)
                while len(self._refused) > MOST_REFUSED:
                    self._refused.popitem(last=False)
            raise failure("U007", written(digest), str(error)) from error
        finally:
            temporary.unlink(missing_ok=True)
        with self._lock:
            self._made += 1
            is_due = self._made % PRUNE_EVERY == 0
        if is_due:
            self.prune()
        return content

    def prune(self) -> int:
        """Remove those that were not looked at for longest, down to the bound; gives how many."""
        found: list[tuple[float, int, Path]] = []
        for path in self._folder.iterdir():
            with suppress(FileNotFoundError):
                facts = path.stat()
                found.append((facts.st_mtime, facts.st_size, path))
        total, count = sum(size for _, size, _ in found), 0
        for _, size, path in sorted(found):
            if total <= self._kept_bytes:
                break
            path.unlink(missing_ok=True)
            total -= size
            count += 1
        return count
