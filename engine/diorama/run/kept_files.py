"""The files that a graph may name in the service: artefacts of the store, and what lies beside saved graphs."""

from __future__ import annotations

import errno
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from diorama.files import FilesOnDisk, file_blob, kept
from diorama.keys import Digest, parse_digest
from diorama.refs import Blob
from diorama.refusals import NoSuch
from diorama.store.artefacts import Artefact, Artefacts
from diorama.store.blobs import BlobStore
from diorama.templates import graph_folders
from diorama.types import BASES

ALGORITHM = "blake3:"


@dataclass(frozen=True, slots=True)
class KeptFiles:
    """Files by the digest of an artefact, `blake3:...`, or by a path that stays beside saved graphs.

    With `disk`, for use in process, every other path is one on the disk.
    """

    artefacts: Artefacts
    disk: FilesOnDisk | None = None

    def why_missing(self, name: str) -> str | None:
        """Why a file cannot be had, or None where it can."""
        if name.startswith(ALGORITHM):
            try:
                self.artefacts.by_digest(_digest(name))
            except (OSError, NoSuch) as error:
                return error.strerror if isinstance(error, OSError) else "no artefact has this digest"
            return None
        if self.disk is not None:
            return self.disk.why_missing(name)
        try:
            _beside_graphs(name)
        except OSError as error:
            return error.strerror
        return None

    def adopted(self, name: str, blobs: BlobStore) -> Blob:
        """A file's content in the store; raises `OSError` where it cannot be had."""
        if name.startswith(ALGORITHM):
            digest = _digest(name)
            try:
                artefact = self.artefacts.by_digest(digest)
            except NoSuch as error:
                raise FileNotFoundError(errno.ENOENT, "no artefact has this digest") from error
            return file_blob(digest, artefact.size, _file_name(artefact))
        return self.disk.adopted(name, blobs) if self.disk is not None else kept(_beside_graphs(name), blobs)


def _digest(name: str) -> Digest:
    try:
        return parse_digest(name)
    except ValueError as error:
        raise OSError(errno.EINVAL, str(error)) from error


def _file_name(artefact: Artefact) -> str:
    """An artefact's name with the ending that files of its type have."""
    base = BASES.get(artefact.type)
    suffix = base.value.suffix if base is not None and base.value is not None else ""
    return artefact.name if artefact.name.lower().endswith(suffix) else artefact.name + suffix


def _beside_graphs(name: str) -> Path:
    """A file in a folder of saved graphs; raises `OSError` for every other path, whether a file is there or not."""
    for folder in graph_folders():
        root = folder.resolve()
        # What a link leads to counts, not where the link is; of links in a circle nothing is there.
        with suppress(RuntimeError):
            path = (root / name).resolve()
            if path.is_relative_to(root) and path.is_file():
                return path
    wanted = "an artefact's digest `blake3:...` or the name of a file beside saved graphs is wanted"
    raise FileNotFoundError(errno.ENOENT, wanted)
