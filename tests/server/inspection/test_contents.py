"""What a file is taken for: by its content, or by the type that was asked for."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as pil
from tests.support import bombs
from tests.support.sample_values import a_mesh, a_motion, a_picture, a_rig, a_scene, a_sound

from diorama.faults import BadInput
from diorama.server.inspection.inspector import Inspector
from diorama.server.inspection.sniff import SHOWN, sniffed
from diorama.values import Value


@pytest.fixture(scope="module")
def inspector() -> Iterator[Inspector]:
    one = Inspector()
    yield one
    one.close()


HEADS = {
    "a PNG": (bombs.png(1, 1), "a", "image", "image/png"),
    "a PNG that is called a page": (bombs.png(1, 1), "a.html", "image", "image/png"),
    "a page that is called a PNG": (b"<html><script>", "a.png", "file", "text/html"),
    "a page after blanks": (b"\xef\xbb\xbf \n <!DOCTYPE html>", "a.txt", "file", "text/html"),
    "any markup": (b"<img onerror=alert(1)>", "a", "file", "text/html"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg">', "a.png", "file", "image/svg+xml"),
    "SVG behind a declaration": (b'<?xml version="1.0"?><svg>', "a", "file", "image/svg+xml"),
    "XML": (b'<?xml version="1.0"?><a>', "a.txt", "file", "application/xml"),
    "XHTML": (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', "a", "file", "text/html"),
    "a script by its name": (b"alert(1)", "a.JS", "file", "text/javascript"),
    "a text by its name": (b"words", "a.txt", "file", "text/plain"),
    "nothing known": (b"words", "a", "file", "application/octet-stream"),
    "bytes called a text": (b"\0\1\2", "a.txt", "file", "application/octet-stream"),
    "nothing at all": (b"", "a.txt", "file", "text/plain"),
    "an MP3 without tags": (b"\xff\xfb\x90\x00", "a", "audio", "audio/mpeg"),
    "a RIFF of another kind": (b"RIFF\0\0\0\0AVI ", "a", "file", "application/octet-stream"),
}


@pytest.mark.parametrize(("head", "name", "type_", "media_type"), HEADS.values(), ids=HEADS)
def test_a_file_is_what_it_begins_with(head: bytes, name: str, type_: str, media_type: str) -> None:
    found = sniffed(head, name)
    assert (found.type, found.media_type) == (type_, media_type)


def test_t15_nothing_that_runs_is_shown_in_place() -> None:
    active = {"text/html", "image/svg+xml", "application/xml", "text/javascript", "application/xhtml+xml"}
    assert SHOWN.isdisjoint(active)


VALUES: list[Value] = [a_picture(), a_mesh(), a_sound(), a_scene(), a_rig(), a_motion()]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.type_name)
def test_what_the_engine_wrote_is_read_with_its_facts(value: Value, inspector: Inspector, tmp_path: Path) -> None:
    path = tmp_path / "value"
    path.write_bytes(value.encode())
    found = inspector.inspect(path, f"value{value.suffix}", value.type_name)
    assert found.type == value.type_name
    assert dict(found.facts) == value.describe()


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.type_name)
@pytest.mark.parametrize("suffix", [".webp", ".png"])
def test_it_has_a_picture_of_the_size_asked_for(
    value: Value, suffix: str, inspector: Inspector, tmp_path: Path
) -> None:
    path, target = tmp_path / "value", tmp_path / f"small{suffix}"
    path.write_bytes(value.encode())
    inspector.thumbnail(path, value.type_name, 128, target)
    with pil.open(target) as picture:
        assert max(picture.size) == 128
        assert picture.format == suffix[1:].upper()
        assert len({tuple(pixel) for pixel in np.asarray(picture.convert("RGB")).reshape(-1, 3)}) > 1


def test_a_picture_on_its_side_is_turned_upright(inspector: Inspector, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    exif = pil.Exif()
    exif[0x0112] = 6
    pil.new("RGB", (400, 100), "red").save(buffer, "JPEG", exif=exif)
    path, target = tmp_path / "photo.jpg", tmp_path / "small.png"
    path.write_bytes(buffer.getvalue())
    inspector.thumbnail(path, "image", 100, target)
    with pil.open(target) as picture:
        assert picture.size == (25, 100)


def test_there_is_no_picture_of_any_file(inspector: Inspector, tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("words")
    with pytest.raises(BadInput, match="no picture"):
        inspector.thumbnail(path, "file", 128, tmp_path / "small.png")
    assert not (tmp_path / "small.png").exists()


def test_a_picture_may_be_read_as_a_mask_and_as_nothing_else(inspector: Inspector, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(a_picture().encode())
    assert inspector.inspect(path, "a.png", "mask").type == "mask"
    assert inspector.inspect(path, "a.png", "file").media_type == "image/png"
    for wanted in ("mesh", "audio", "motion"):
        with pytest.raises(BadInput, match=f"but {wanted} is wanted"):
            inspector.inspect(path, "a.png", wanted)
