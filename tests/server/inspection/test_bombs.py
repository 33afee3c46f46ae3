"""T30 to T33: a file that claims or unpacks to too much is refused with a sentence, in another process than this one,
within its bounds; the next file is opened as if nothing had been."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from tests.support import bombs

from diorama.faults import BadInput
from diorama.server.inspection.inspector import Inspector

DEEP = 100_000
GROWTH_BYTES = 64 * 2**20
"""What this process may grow by while another opens a bomb: the bombs unpack to hundreds of megabytes."""


@pytest.fixture(scope="module")
def inspector() -> Iterator[Inspector]:
    one = Inspector(memory_bytes=3 * 2**30)
    yield one
    one.close()


BOMBS: dict[str, tuple[Callable[[], bytes], str | None, str]] = {
    "T30 a PNG of 50,000 x 50,000": (lambda: bombs.png(50_000, 50_000), None, "at most 64,000,000"),
    "T30 a PNG that claims the largest size": (lambda: bombs.png(2**31 - 1, 2**31 - 1), None, "pixels"),
    "T30 a JPEG of 65,000 x 65,000": (lambda: bombs.jpeg(65_000, 65_000), None, "at most 64,000,000"),
    "T30 a WebP of 16,000 x 16,000": (lambda: bombs.webp(16_000, 16_000), None, "at most 64,000,000"),
    "T30 a PNG with a text of 400 MB": (bombs.text_bomb, None, "picture"),
    "T30 a PNG that ends early": (lambda: bombs.png(4000, 4000), None, "picture"),
    "T31 a GLB of 2^31 vertices": (lambda: bombs.glb(bombs.triangles(2**31), b"\0" * 36), None, "2,147,483,648"),
    "T31 a GLB of vertices that are not there": (
        lambda: bombs.glb(bombs.triangles(1_000_000), b"\0" * 36),
        None,
        "needs",
    ),
    "T31 a GLB whose header lies": (lambda: bombs.glb(bombs.triangles(3), b"\0" * 36, length=2**31), None, "claims"),
    "T31 a GLB whose nodes go in a circle": (
        lambda: bombs.glb(bombs.triangles(3, nodes=[{"children": [1]}, {"children": [0]}]), b"\0" * 36),
        None,
        "",
    ),
    "T31 a GLB of 10^6 nodes": (
        lambda: bombs.glb(bombs.triangles(3, nodes=[{"mesh": 0}] * 1_000_000), b"\0" * 36),
        None,
        "nodes",
    ),
    "T31 a GLB of nodes of which each holds the next": (
        lambda: bombs.glb(bombs.triangles(3, nodes=bombs.chain(DEEP)), b"\0" * 36),
        None,
        "",
    ),
    "T31 a GLB of JSON that is nested without end": (
        lambda: bombs.glb_of(b'{"asset":' + b"[" * DEEP + b"]" * DEEP + b"}"),
        None,
        "JSON chunk cannot be read",
    ),
    "T31 a GLB that wants Draco": (
        lambda: bombs.glb(bombs.triangles(3, extensionsRequired=["KHR_draco_mesh_compression"]), b"\0" * 36),
        None,
        "KHR_draco",
    ),
    "T22 T31 a GLB that points to an address": (
        lambda: bombs.glb(bombs.triangles(3, buffers=[{"byteLength": 36, "uri": "http://169.254.169.254/"}])),
        None,
        "points to",
    ),
    "T22 T31 a GLB that points to a file": (
        lambda: bombs.glb(bombs.triangles(3, buffers=[{"byteLength": 36, "uri": "file:///etc/passwd"}])),
        None,
        "points to",
    ),
    "T31 a GLB with a picture of 50,000 x 50,000": (
        lambda: bombs.glb(
            bombs.triangles(
                3,
                meshes=[{"primitives": [{"attributes": {"POSITION": 0}, "material": 0}]}],
                materials=[{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}],
                textures=[{"source": 0}],
                images=[{"bufferView": 1, "mimeType": "image/png"}],
                bufferViews=[
                    {"buffer": 0, "byteLength": 36},
                    {"buffer": 0, "byteOffset": 36, "byteLength": len(bombs.png(50_000, 50_000))},
                ],
                buffers=[{"byteLength": 36 + len(bombs.png(50_000, 50_000))}],
            ),
            b"\0" * 36 + bombs.png(50_000, 50_000),
        ),
        None,
        "pixels",
    ),
    "T26 a motion of pickled objects": (lambda: bombs.npz((10**10,)), "motion", ""),
    "T32 a WAV of nothing that claims 4 GB": (lambda: bombs.wav(0, 2**31), None, "no samples"),
    "T32 an MP3 that is none": (lambda: b"ID3\x04" + b"\xff" * 200, None, "sound"),
    "T32 an MP4 read as a sound": (lambda: b"\0\0\0\x10ftypisom" + b"\0" * 20, "audio", "audio is wanted"),
    "a type that does not exist": (lambda: bombs.wav(10, 10), "elephant", "no type"),
    "T36 markup read as a picture": (lambda: b'<!DOCTYPE x [<!ENTITY a "aa">]><svg>&a;</svg>', "image", "image"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_it_is_refused_with_a_sentence_and_this_process_does_not_grow(
    name: str, inspector: Inspector, tmp_path: Path
) -> None:
    make, wanted, said = BOMBS[name]
    path = tmp_path / "bomb"
    path.write_bytes(make())
    before = psutil.Process().memory_info().rss
    with pytest.raises(BadInput) as refused:
        inspector.inspect(path, "bomb", wanted)
    assert said in str(refused.value)
    assert "Traceback" not in str(refused.value)
    assert str(tmp_path) not in str(refused.value)
    assert psutil.Process().memory_info().rss - before < GROWTH_BYTES
    path.write_bytes(bombs.png(1, 1, None))
    assert inspector.inspect(path, "next.png").type == "image"


def test_t30_frames_beyond_the_first_are_never_decoded(inspector: Inspector, tmp_path: Path) -> None:
    path = tmp_path / "frames.png"
    path.write_bytes(bombs.animated(2**31 - 1))
    assert inspector.inspect(path, "frames.png").facts == {"width": 1, "height": 1, "has_alpha": False}


def test_t32_a_sound_is_as_long_as_what_is_there_and_not_as_it_claims(inspector: Inspector, tmp_path: Path) -> None:
    path = tmp_path / "lies.wav"
    path.write_bytes(bombs.wav(8000, 2**30))
    assert inspector.inspect(path, "lies.wav").facts["seconds"] == 1.0


def test_t32_hours_of_silence_are_heard_to_the_limit_and_no_further(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIORAMA_MAX_AUDIO_SAMPLES", "8000000")
    path = tmp_path / "silence.flac"
    path.write_bytes(bombs.silence(1200))
    assert path.stat().st_size < 300_000
    inspector = Inspector()
    try:
        with pytest.raises(BadInput, match="more than 8,000,000 samples"):
            inspector.inspect(path, "silence.flac")
    finally:
        inspector.close()


def test_t20_an_archive_is_kept_as_it_is_and_never_unpacked(inspector: Inspector, tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    path.write_bytes(bombs.zip_bomb(300))
    assert path.stat().st_size < 400_000
    found = inspector.inspect(path, "bomb.zip")
    assert (found.type, found.media_type) == ("file", "application/zip")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["bomb.zip"]
    assert not (tmp_path.parents[1] / "evil").exists()


def test_t33_a_file_that_takes_more_memory_than_is_given_is_refused(tmp_path: Path) -> None:
    # Whole, within the limit of pixels, and 60 kB: what it takes to open it is all that is wrong with it.
    path = tmp_path / "large.png"
    path.write_bytes(bombs.png(7900, 7900, zlib.compress(b"\0" * (7901 * 7900), 9)))
    for given, is_opened in ((3 * 2**30, True), (300 * 2**20, False)):
        inspector = Inspector(memory_bytes=given)
        try:
            if is_opened:
                assert inspector.inspect(path, "large.png").facts["width"] == 7900
            else:
                with pytest.raises(BadInput, match="more memory to open than is given"):
                    inspector.inspect(path, "large.png")
        finally:
            inspector.close()


def test_t33_a_file_that_takes_too_long_is_refused_and_the_next_is_opened(tmp_path: Path) -> None:
    # A pipe that nobody writes into stands for a file that is never read to its end.
    endless = tmp_path / "endless"
    os.mkfifo(endless)
    inspector = Inspector(time_seconds=1.5)
    try:
        with pytest.raises(BadInput, match=r"longer to open than the 1\.5 s"):
            inspector.inspect(endless, "endless")
        plain = tmp_path / "plain.txt"
        plain.write_text("words")
        inspector.time_seconds = 60.0
        assert inspector.inspect(plain, "plain.txt").media_type == "text/plain"
    finally:
        inspector.close()


def test_t33_a_process_that_dies_over_a_file_costs_that_file_alone(tmp_path: Path) -> None:
    plain = tmp_path / "plain.txt"
    plain.write_text("words")
    others = {child.pid for child in psutil.Process().children()}
    inspector = Inspector()
    try:
        assert inspector.inspect(plain, "plain.txt").type == "file"
        (child,) = (child for child in psutil.Process().children() if child.pid not in others)
        child.kill()
        child.wait(10)
        assert inspector.inspect(plain, "plain.txt").type == "file"
    finally:
        inspector.close()
    assert {child.pid for child in psutil.Process().children()} == others


def test_t40_the_process_that_opens_files_is_told_no_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DIORAMA_DATABASE_URL", "postgresql://user:canary@host/db")
    plain = tmp_path / "plain.txt"
    plain.write_text("words")
    inspector = Inspector()
    try:
        inspector.inspect(plain, "plain.txt")
        environments = [child.environ() for child in psutil.Process().children(recursive=True)]
        assert environments
        assert not any("canary" in value for one in environments for value in one.values())
    finally:
        inspector.close()
