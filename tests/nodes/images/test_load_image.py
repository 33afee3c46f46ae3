"""load_image reads what is a picture and refuses, in a sentence that names the file, what is none."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as pil

from diorama.context import Context
from diorama.faults import BadInput
from diorama.types import File
from diorama.values import Image
from diorama_nodes.images.nodes import load_image

Write = Callable[[bytes, str], File]


def png(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bytes:
    return Image(pixels).encode()


def huge_png(side: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def test_a_png_comes_back_pixel_for_pixel(as_file: Write) -> None:
    pixels = np.arange(4 * 5 * 3, dtype=np.uint8).reshape(4, 5, 3)
    image = load_image(Context(), as_file(png(pixels), "small.png")).image
    assert np.array_equal(image.pixels, pixels)


def test_alpha_is_kept(as_file: Write) -> None:
    pixels = np.full((4, 4, 4), 90, np.uint8)
    assert load_image(Context(), as_file(png(pixels), "glass.png")).image.has_alpha


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_jpeg_and_webp_are_read(as_file: Write, kind: str) -> None:
    buffer = io.BytesIO()
    pil.new("RGB", (32, 20), (200, 30, 40)).save(buffer, kind)
    image = load_image(Context(), as_file(buffer.getvalue(), "red")).image
    assert (image.width, image.height) == (32, 20)
    assert abs(int(image.pixels[10, 10, 0]) - 200) < 8


def test_a_photo_taken_sideways_is_turned_upright(as_file: Write) -> None:
    picture, exif = pil.new("RGB", (40, 20)), pil.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", exif=exif)
    image = load_image(Context(), as_file(buffer.getvalue(), "sideways.jpg")).image
    assert (image.width, image.height) == (20, 40)


REFUSED = {
    "a text file": (b"this is no picture at all", "no picture"),
    "an empty file": (b"", "no picture"),
    "a truncated PNG": (
        png(np.random.default_rng(1).integers(0, 255, (64, 64, 3)).astype(np.uint8))[:4000],
        "to its end",
    ),
    "a picture of 50,000 x 50,000": (huge_png(50_000), "50,000 x 50,000"),
    "a GIF": (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "no picture"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_usable_picture_is_refused_by_name(as_file: Write, case: str) -> None:
    content, says = REFUSED[case]
    with pytest.raises(BadInput, match=says) as refusal:
        load_image(Context(), as_file(content, "given.png"))
    assert str(refusal.value).startswith("given.png: ")


def test_a_file_that_has_gone_is_a_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        load_image(Context(), File("gone.png", "blake3:0", 10, tmp_path / "gone.png"))
