"""Results as files in a folder, with their graph inside where the format has room for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

import orjson

from diorama.atomic import write_whole
from diorama.embed import SUFFIXES, embed_graph
from diorama.faults import failure
from diorama.keys import Digest
from diorama.refs import Blob, Many, Ref, ref_json
from diorama.store.blobs import Damaged
from diorama.types import BASES


def make_folder(folder: Path) -> None:
    """Make the folder that results go to; raises `DioramaError` (S001) where that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".diorama-probe"
        probe.touch()
        probe.unlink()
    except FileExistsError as error:
        raise failure("S001", str(folder), "there is a file of that name, but a folder is wanted") from error
    except OSError as error:
        raise failure("S001", str(folder), f"results cannot be written there: {error.strerror}") from error


class Contents(Protocol):
    """Where the bytes of artefacts come from."""

    def get(self, digest: Digest) -> bytes:
        """The bytes of this digest; raises `Damaged` where there are none."""


def export(results: Mapping[str, Ref], blobs: Contents, folder: Path, graph: bytes) -> list[Path]:
    """Write results into a folder, one file each (a list as numbered files); gives the paths.

    `graph` is the document that files carry, canonical JSON.
    """
    written: list[Path] = []
    for name, ref in results.items():
        for stem, one in _named(name, ref):
            path = folder / f"{stem}{_suffix(one)}"
            write_whole(path, _content(one, blobs, graph, path.suffix))
            written.append(path)
    return written


def _named(name: str, ref: Ref) -> Iterator[tuple[str, Ref]]:
    if isinstance(ref, Many) and any(isinstance(item, Blob) for item in ref.items):
        for number, item in enumerate(ref.items):
            yield from _named(f"{name}-{number + 1}", item)
    else:
        yield name, ref


def _suffix(ref: Ref) -> str:
    if isinstance(ref, Blob) and ref.type in BASES:
        value = BASES[ref.type].value
        if value is not None:
            return value.suffix
    return ".json"


def _content(ref: Ref, blobs: Contents, graph: bytes, suffix: str) -> bytes:
    if not isinstance(ref, Blob):
        return orjson.dumps(ref_json(ref), option=orjson.OPT_INDENT_2) + b"\n"
    try:
        content = blobs.get(ref.digest)
    except Damaged as error:
        raise failure("R001", "", f"{error} since it was made; run again, and it is made anew") from error
    return embed_graph(content, suffix, graph) if suffix in SUFFIXES else content
