"""What a file is taken for: by its content, or by the type that was asked for."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as pil
from tests.support import bombs
from tests.support.sample_values import a_mesh, a_motion, a_picture, a_rig, a_scene, a_sound, a_splat

from diorama.faults import BadInput
from diorama.server.inspection.covers import MOST_BYTES
from diorama.server.inspection.inspector import Inspector
from diorama.server.inspection.sniff import OPAQUE, SHOWN, sniffed
from diorama.server.inspection.thumbnails import INK
from diorama.values import Audio, Value
from diorama.values.splat_spz import write_spz


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
    "a splat": (a_splat().encode()[:4096], "a.png", "splat", "application/x-ply"),
    "a packed splat": (write_spz(a_splat())[:4096], "a", "splat", "application/x-spz"),
    "a mesh in a PLY": (b"ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\n", "a.ply", "file", OPAQUE),
    "something else that is packed": (gzip.compress(b"words"), "a.spz", "file", OPAQUE),
    "packed and damaged": (b"\x1f\x8b\xff\xff\xff", "a.spz", "file", OPAQUE),
    "a RIFF of another kind": (b"RIFF\0\0\0\0AVI ", "a", "file", "application/octet-stream"),
}


@pytest.mark.parametrize(("head", "name", "type_", "media_type"), HEADS.values(), ids=HEADS)
def test_a_file_is_what_it_begins_with(head: bytes, name: str, type_: str, media_type: str) -> None:
    found = sniffed(head, name)
    assert (found.type, found.media_type) == (type_, media_type)


def test_t15_nothing_that_runs_is_shown_in_place() -> None:
    active = {"text/html", "image/svg+xml", "application/xml", "text/javascript", "application/xhtml+xml"}
    assert SHOWN.isdisjoint(active)


VALUES: list[Value] = [a_picture(), a_mesh(), a_sound(), a_scene(), a_rig(), a_motion(), a_splat()]


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


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


SOUNDS = {"wav": ("WAV", "PCM_16"), "mp3": ("MP3", "MPEG_LAYER_III"), "ogg": ("OGG", "VORBIS")}


@pytest.mark.parametrize(("type_", "written"), SOUNDS.items(), ids=SOUNDS)
def test_a_sound_that_a_pack_has_a_type_for_is_seen_as_its_wave_form(
    type_: str, written: tuple[str, str], inspector: Inspector, tmp_path: Path
) -> None:
    path, target = tmp_path / "sound", tmp_path / "small.png"
    path.write_bytes(a_loud_end().write(*written))
    inspector.thumbnail(path, type_, 128, target)
    with pil.open(target) as picture:
        ink = (np.asarray(picture) == INK).all(axis=2).sum(axis=0)
    assert ink[:50].max() < 8
    assert ink[80:].min() > 20


def a_loud_end() -> Audio:
    """A second of silence and a second of a tone."""
    tone = 0.8 * np.sin(np.arange(8000) * 0.3)
    return Audio(np.concatenate([np.zeros(8000), tone]).astype(np.float32)[:, None], 8000)


COVERS = {
    "the cover": (
        {
            "a_png": a_picture(9, 9).encode(),
            "picture_png": a_picture(8, 8).encode(),
            "cover_png": a_picture(30, 10).encode(),
        },
        (30, 10),
    ),
    "the picture": ({"a_png": a_picture(9, 9).encode(), "picture_png": a_picture(30, 10).encode()}, (30, 10)),
    "the first picture": (
        {"words_txt": b"", "b_png": a_picture(30, 10).encode(), "a_png": a_picture(9, 9).encode()},
        (30, 10),
    ),
}


@pytest.mark.parametrize(("files", "size"), COVERS.values(), ids=COVERS)
@pytest.mark.parametrize("type_", ["bundle", "file"])
def test_a_zip_is_seen_as_a_picture_inside(
    type_: str, files: dict[str, bytes], size: tuple[int, int], inspector: Inspector, tmp_path: Path
) -> None:
    path, target = tmp_path / "zip", tmp_path / "small.png"
    path.write_bytes(zipped(**files))
    inspector.thumbnail(path, type_, 128, target)
    with pil.open(target) as picture:
        assert picture.size == size


NO_COVERS = {
    "no picture": (zipped(words_txt=b"words"), "no picture in the zip"),
    "a picture that is none": (zipped(cover_png=b"words"), "no picture that can be read"),
    "a damaged zip": (zipped(cover_png=a_picture(9, 9).encode())[:40], "no zip can be read"),
    "a picture that unpacks without end": (zipped(cover_png=bytes(MOST_BYTES + 1)), "bytes, but"),
}


@pytest.mark.parametrize(("content", "why"), NO_COVERS.values(), ids=NO_COVERS)
def test_a_zip_without_a_picture_to_be_seen_is_refused(
    content: bytes, why: str, inspector: Inspector, tmp_path: Path
) -> None:
    path = tmp_path / "zip"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=why):
        inspector.thumbnail(path, "bundle", 128, tmp_path / "small.png")


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
