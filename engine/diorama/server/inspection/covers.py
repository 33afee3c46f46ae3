"""The picture inside a zip that stands for all of it. For the inspecting process alone."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath
from typing import Final

from diorama.faults import BadInput

ENDINGS: Final = (".png", ".jpg", ".jpeg", ".webp")
STEMS: Final = ("cover", "picture")
"""Names that say so, the best first; without them the first picture is taken."""
MOST_BYTES: Final = 64 * 2**20


def cover_in(path: Path) -> bytes:
    """The bytes of the picture in a zip; raises `BadInput` where it is damaged, holds none, or none of this size."""
    try:
        with zipfile.ZipFile(path) as archive:
            pictures = [entry for entry in archive.infolist() if entry.filename.lower().endswith(ENDINGS)]
            if not pictures:
                raise BadInput("there is no picture in the zip")
            entry = min(pictures, key=lambda one: _rank(one.filename))
            if entry.file_size > MOST_BYTES:
                raise BadInput(f"the picture in the zip has {entry.file_size:,} bytes, but {MOST_BYTES:,} are taken")
            return archive.read(entry)
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, NotImplementedError, EOFError) as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(f"no zip can be read: {type(error).__name__}") from error


def _rank(name: str) -> int:
    stem = PurePosixPath(name).stem.lower()
    return STEMS.index(stem) if stem in STEMS else len(STEMS)
