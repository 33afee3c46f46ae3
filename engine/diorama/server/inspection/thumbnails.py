"""Small pictures of artefacts. For the inspecting process alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from diorama.faults import BadInput
from diorama.painters import painter_of
from diorama.server.inspection.contents import classes, each_block
from diorama.server.inspection.covers import cover_in
from diorama.server.inspection.sniff import HEAD_BYTES, sniffed

if TYPE_CHECKING:
    from PIL.Image import Image as PilImage

    from diorama.values.image import Image

INK = (170, 141, 222)
PAPER = (31, 35, 43)
QUALITY = 82
"""Of WebP: beyond it small pictures grow and look the same."""
ASPECT = 140 / 236
"""Height by width of pictures that are made and not made smaller."""


def write_thumbnail(source: Path, type_: str, size: int, target: Path) -> dict[str, object]:
    """Write a picture of an artefact, its longer side at most `size` pixels, as WebP or PNG by the target's ending.

    Raises `BadInput` where there is nothing to see of it.
    """
    picture = _picture(source, type_, size)
    picture.thumbnail((size, size))
    if target.suffix == ".webp":
        picture.save(target, "WEBP", quality=QUALITY, method=4)
    else:
        picture.save(target, "PNG", compress_level=6)
    return {"width": picture.width, "height": picture.height}


def _picture(source: Path, type_: str, size: int) -> PilImage:
    from PIL import Image as pil

    if type_ in ("image", "mask"):
        return _small(source.read_bytes(), size)
    if type_ == "audio":
        return pil.fromarray(wave_form(source, size))
    class_ = classes().get(type_)
    if class_ is None:
        return _by_content(source, type_, size)
    value = class_.decode(source.read_bytes())
    paint = painter_of(type_)
    image: Image | None = paint(value, size, max(1, round(size * ASPECT))) if paint else value.thumbnail()
    if image is None:
        raise BadInput(f"there is no picture of what is of type {type_!r:.60}")
    return pil.fromarray(image.pixels)


def _by_content(source: Path, type_: str, size: int) -> PilImage:
    """The picture of a file whose type only its pack knows: the wave form of a sound, the cover in a zip."""
    from PIL import Image as pil

    with source.open("rb") as file:
        found = sniffed(file.read(HEAD_BYTES))
    if found.type == "audio":
        return pil.fromarray(wave_form(source, size))
    if found.media_type == "application/zip":
        return _small(cover_in(source), size)
    raise BadInput(f"there is no picture of what is of type {type_!r:.60}")


def _small(content: bytes, size: int) -> PilImage:
    """A picture made smaller while it is decoded, as far as its format allows that, and turned upright."""
    from PIL import ImageOps

    from diorama.values.image import open_picture

    opened = open_picture(content)
    try:
        opened.draft("RGB", (size * 2, size * 2))
        opened.thumbnail((size * 2, size * 2))
        upright = ImageOps.exif_transpose(opened)
        has_alpha = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
        return upright.convert("RGBA" if has_alpha else "RGB")
    except (OSError, ValueError, SyntaxError) as error:
        raise BadInput(f"the picture cannot be read to its end: {error}") from error


def wave_form(source: Path, width: int) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    """The wave form of a sound, (height, width, 3) uint8: in each column the loudest moment of its share."""
    peaks: list[np.ndarray[tuple[int], np.dtype[np.float32]]] = []
    each_block(source, lambda block: peaks.append(_peaks(block)))
    moments = np.concatenate(peaks)
    columns = np.array_split(moments, min(width, len(moments)))
    loudest = np.array([column.max() for column in columns])[np.arange(width) * len(columns) // width]
    height = max(8, round(width * ASPECT))
    distance = np.abs(np.arange(height)[:, None] + 0.5 - height / 2)
    ink = distance <= np.maximum(loudest * (height / 2 - 2), 0.5)[None, :]
    return np.where(ink[:, :, None], np.array(INK, np.uint8), np.array(PAPER, np.uint8))


def _peaks(
    block: np.ndarray[tuple[int, int], np.dtype[np.float32]],
) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """The loudest of each 256 frames."""
    loud = np.abs(block).max(axis=1)
    padded = np.pad(loud, (0, -len(loud) % 256))
    most: np.ndarray[tuple[int], np.dtype[np.float32]] = padded.reshape(-1, 256).max(axis=1)
    return most
