"""Files that a graph names: kept by content when a run is planned, so that it runs on what was there then."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from diorama.checked import Checked
from diorama.expand import Step
from diorama.faults import DioramaError, Fault, failure, pointer
from diorama.graph import Graph, Param
from diorama.json_text import canonical, normal
from diorama.keys import Digest
from diorama.limits import limits
from diorama.refs import Blob, Inline, Many, Ref, many
from diorama.store.blobs import BlobStore
from diorama.templates import graph_folders
from diorama.types import base_of


class Files(Protocol):
    """Where the files are that a graph names."""

    def why_missing(self, name: str) -> str | None:
        """Why a file cannot be had, or None where it can."""

    def adopted(self, name: str, blobs: BlobStore) -> Blob:
        """A file's content in the store; raises `OSError` where it cannot be had."""


@dataclass(frozen=True, slots=True)
class FilesOnDisk:
    """Files by their paths: relative ones lie in `folder`, or else beside saved graphs."""

    folder: Path | None = None

    def why_missing(self, name: str) -> str | None:
        """Why a file cannot be read, or None where it can."""
        try:
            path = _found(name, self.folder)
            mode = path.stat().st_mode
        except OSError as error:
            return error.strerror or str(error)
        if not stat.S_ISREG(mode):
            return "not a regular file"
        return None if os.access(path, os.R_OK) else os.strerror(errno.EACCES)

    def adopted(self, name: str, blobs: BlobStore) -> Blob:
        """A file's content in the store; raises `OSError` where it cannot be read."""
        return kept(_found(name, self.folder), blobs)


def kept(path: Path, blobs: BlobStore) -> Blob:
    """A file's content, put into the store; raises `OSError` where it cannot be read."""
    digest, size = blobs.adopt(path, limits().max_file_bytes)
    return file_blob(digest, size, path.name)


def file_blob(digest: Digest, size: int, name: str) -> Blob:
    """The value of a file input. Only the ending of `name` can change what a node does: no path enters a key."""
    return Blob(digest, size, "file", "application/octet-stream", canonical(normal({"name": name})))


def missing_files(graph: Graph, checked: Checked, files: Files) -> list[Fault]:
    """A fault (G114) for each file that the graph or a parameter names and that cannot be read."""
    faults: list[Fault] = []
    for name, interface in checked.interfaces.items():
        if not interface.takes_files:
            continue
        for port, given in graph.nodes[name].inputs.items():
            takes = interface.inputs.get(port)
            if takes is None or base_of(takes.type) != "file":
                continue
            if isinstance(given, Param):
                at, value = pointer("parameters", given.name), checked.parameters.get(given.name)
            else:
                at, value = pointer("nodes", name, "inputs", port), checked.literals.get(name, {}).get(port)
            names = value if isinstance(value, list) else [value]
            for one in names:
                why = files.why_missing(one) if isinstance(one, str) else None
                if why is not None:
                    faults.append(Fault("G114", at, f"the file {one!r:.200} cannot be read: {why}"))
    return list(dict.fromkeys(faults))


def adopt_files(steps: Sequence[Step], blobs: BlobStore, files: Files) -> None:
    """Put the content of every named file into the store and its digest into the step.

    Raises `DioramaError` (G114) with every file that cannot be read.
    """
    faults: list[Fault] = []
    for step in steps:
        if not step.kind.interface.takes_files:
            continue
        takes = step.kind.interface.inputs
        inputs = dict(step.inputs)
        for port, given in step.inputs.items():
            if base_of(takes[port].type) == "file" and isinstance(given, Inline | Many):
                try:
                    inputs[port] = _adopted(given, blobs, files)
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


def _adopted(given: Ref, blobs: BlobStore, files: Files) -> Ref:
    if isinstance(given, Many):
        return many([_adopted(item, blobs, files) for item in given.items])
    if not isinstance(given, Inline) or given.value is None:
        return given
    if isinstance(given.value, list):
        return many([files.adopted(str(name), blobs) for name in given.value])
    return files.adopted(str(given.value), blobs)


def _found(name: str, folder: Path | None) -> Path:
    try:
        path = Path(name).expanduser()
    except RuntimeError as error:
        raise FileNotFoundError(errno.ENOENT, "its user's home is not known") from error
    if path.is_absolute():
        return path
    near = folder / path if folder is not None else path
    # A picture that carries its graph may lie anywhere; what came with a saved graph lies beside that.
    return next((place for place in (near, *(one / path for one in graph_folders())) if place.exists()), near)


def from_anywhere(name: str, folder: Path | None) -> str:
    """The name that finds a file wherever its graph is kept: as given beside saved graphs, else its whole path."""
    path = _found(name, folder)
    is_saved = any(path.is_relative_to(one) for one in graph_folders())
    return name if is_saved else str(path.absolute())
