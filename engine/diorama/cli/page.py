"""Writes a scene as a page that needs no server."""

from __future__ import annotations

from pathlib import Path

from diorama.atomic import write_whole
from diorama.faults import failure
from diorama.scene_page import read_template, scene_page


def write_page(scene: Path, sounds: tuple[Path, ...], title: str | None, out: Path) -> None:
    """Write the page of a GLB; raises `DioramaError` (C001) where a file cannot be read."""
    content = scene_page(read_template(), title or scene.stem, _read(scene), [_read(sound) for sound in sounds])
    write_whole(out, content)
    print(out)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise failure("C001", str(path), f"it cannot be read: {error.strerror}") from error
