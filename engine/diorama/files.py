"""Files that a graph names: kept by content when a run is planned, so that it runs on what was there then."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from pathlib import Path

from diorama.expand import Step
from diorama.faults import DioramaError, Fault, failure, pointer
from diorama.json_text import canonical, normal
from diorama.limits import limits
from diorama.refs import Blob, Inline, Many, Ref, many
from diorama.store.blobs import BlobStore
from diorama.types import base_of


def adopt_files(steps: Sequence[Step], blobs: BlobStore, folder: Path | None) -> None:
    """Put the content of every named file into the store and its digest into the step.

    Relative paths are taken from `folder`. Raises `DioramaError` (G114) with every file that cannot be read.
    """
    faults: list[Fault] = []
    for step in steps:
        takes = step.kind.interface.inputs
        if not any(base_of(one.type) == "file" for one in takes.values()):
            continue
        inputs = dict(step.inputs)
        for port, given in step.inputs.items():
            if base_of(takes[port].type) == "file" and isinstance(given, Inline | Many):
                try:
                    inputs[port] = _adopted(given, blobs, folder)
                except OSError as error:
                    if error.errno in (errno.ENOSPC, errno.EDQUOT):
                        raise failure(
                            "R006", _place(step.id, port), "the disk is full; make room and run again"
                        ) from error
                    shown = given.value if isinstance(given, Inline) else ""
                    message = f"the file {shown!r:.200} cannot be read: {error.strerror or error}"
                    faults.append(Fault("G114", _place(step.id, port), message))
        step.inputs = inputs
    if faults:
        raise DioramaError(faults)


def _place(step: str, port: str) -> str:
    """Where the file is named; inside a saved graph, the node that stands for it."""
    outer, _, inner = step.partition("/")
    return pointer("nodes", outer) if inner else pointer("nodes", outer, "inputs", port)


def _adopted(given: Ref, blobs: BlobStore, folder: Path | None) -> Ref:
    if isinstance(given, Many):
        return many([_adopted(item, blobs, folder) for item in given.items])
    if not isinstance(given, Inline) or given.value is None:
        return given
    if isinstance(given.value, list):
        return many([_adopt_one(str(name), blobs, folder) for name in given.value])
    return _adopt_one(str(given.value), blobs, folder)


def _adopt_one(name: str, blobs: BlobStore, folder: Path | None) -> Blob:
    try:
        path = Path(name).expanduser()
    except RuntimeError as error:
        raise FileNotFoundError(errno.ENOENT, "its user's home is not known") from error
    if not path.is_absolute() and folder is not None:
        path = folder / path
    digest, size = blobs.adopt(path, limits().max_file_bytes)
    # Only the ending of the name can change what a node does: the path itself stays out of all keys.
    facts = canonical(normal({"name": path.name}))
    return Blob(digest, size, "file", "application/octet-stream", facts)
