from __future__ import annotations

import io
import struct
import wave
import zipfile
import zlib
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diorama.embed import embed_graph, extract_graph
from diorama.faults import BadInput
from diorama.limits import limits
from diorama.values import Audio, Image, Mesh, Part

PICTURE = Image(np.random.default_rng(1).integers(0, 256, (9, 7, 3)).astype(np.uint8))
TRIANGLE = Part(
    np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], np.float32),
    np.tile(np.array([0, 0, 1], np.float32), (3, 1)),
    np.array([[0, 1, 2]], np.uint32),
)
TONE = Audio(np.sin(np.linspace(0, 900, 4410, dtype=np.float32))[:, None], 44_100)


def wav() -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as made:
        made.setparams((1, 2, 8000, 0, "NONE", ""))
        made.writeframes(bytes(range(200)))
    return buffer.getvalue()


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("README.txt", "words", compress_type=zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


MP4 = b"\0\0\0\x18ftypisom\0\0\0\1isommp41" + b"\0\0\0\x0cmdat1234" + b"\0\0\0\x08free"
MP3 = b"ID3\x04\0\0\0\0\0\x11TIT2\0\0\0\x07\0\0\x03a song" + b"\xff\xfb\x90\x00" * 8
FILES = {
    ".png": PICTURE.encode(),
    ".glb": Mesh((TRIANGLE,)).encode(),
    ".flac": TONE.encode(),
    ".wav": wav(),
    ".mp3": MP3,
    ".mp4": MP4,
    ".zip": archive(),
}
GRAPH = '{"format":1,"title":"Straße 夜","nodes":{"a":{"type":"diorama/plan_scene"}}}'.encode()
DOCUMENTS = {
    "a compact graph": GRAPH,
    "a graph over several lines": b'{\n  "format": 1,\n  "nodes": {}\n}\n',
    "numbers written otherwise": b'{"a":1e5,"b":1.50,"c":-0.0}',
    "no object": b'"text"',
    "null": b"null",
}


@pytest.mark.parametrize("suffix", FILES)
@pytest.mark.parametrize("case", DOCUMENTS)
def test_the_graph_comes_back_byte_for_byte(suffix: str, case: str) -> None:
    content = embed_graph(FILES[suffix], suffix, DOCUMENTS[case])
    assert extract_graph(content) == DOCUMENTS[case]


@pytest.mark.parametrize("suffix", FILES)
def test_a_file_without_a_graph_gives_none(suffix: str) -> None:
    assert extract_graph(FILES[suffix]) is None


@pytest.mark.parametrize("suffix", FILES)
def test_a_second_graph_replaces_the_first(suffix: str) -> None:
    once = embed_graph(FILES[suffix], suffix, GRAPH)
    assert embed_graph(embed_graph(FILES[suffix], suffix, b'{"other":1}'), suffix, GRAPH) == once


def test_the_picture_stays_what_it_was_and_other_programs_see_the_text() -> None:
    from PIL import Image as pil

    content = embed_graph(FILES[".png"], ".png", GRAPH)
    assert (Image.decode(content).pixels == PICTURE.pixels).all()
    assert content.index(b"iTXt") < content.index(b"IDAT")
    opened = pil.open(io.BytesIO(content))
    assert opened.info["diorama"] == GRAPH.decode()


def test_the_model_stays_what_it_was() -> None:
    content = embed_graph(FILES[".glb"], ".glb", GRAPH)
    assert Mesh.decode(content).encode() == FILES[".glb"]
    assert b'"extras":{"diorama":{"format":1' in content


def test_a_text_that_another_program_compressed_is_read() -> None:
    plain = embed_graph(FILES[".png"], ".png", GRAPH)
    start, end = plain.index(b"iTXt") - 4, plain.index(b"IDAT") - 4
    assert extract_graph(plain[:start] + _text_chunk(zlib.compress(GRAPH)) + plain[end:]) == GRAPH


def _text_chunk(packed: bytes) -> bytes:
    body = b"iTXt" + b"diorama\0\1\0\0\0" + packed
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


def test_a_text_that_unpacks_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIORAMA_MAX_GRAPH_BYTES", "1000")
    limits.cache_clear()
    try:
        head, tail = FILES[".png"][:33], FILES[".png"][33:]
        with pytest.raises(BadInput, match="unpacks to more than 1,000 bytes"):
            extract_graph(head + _text_chunk(zlib.compress(bytes(100_000))) + tail)
        with pytest.raises(BadInput, match="at most 1,000 are taken"):
            embed_graph(FILES[".png"], ".png", b'"' + b"x" * 2000 + b'"')
    finally:
        limits.cache_clear()


REFUSED = {
    "half a picture": (FILES[".png"][:60], ".png", GRAPH, "more than follow|before its chunk IEND"),
    "a picture with a flipped byte": (
        FILES[".png"][:45] + b"\xff" + FILES[".png"][46:],
        ".png",
        GRAPH,
        "checksum|more than follow",
    ),
    "a picture with something behind it": (FILES[".png"] + b"x", ".png", GRAPH, "goes on after its end"),
    "a picture under the name of a model": (FILES[".png"], ".glb", GRAPH, "no GLB"),
    "a model under the name of a picture": (FILES[".glb"], ".png", GRAPH, "no PNG"),
    "half a model": (FILES[".glb"][:100], ".glb", GRAPH, "header claims"),
    "another kind of file": (b"text", ".txt", GRAPH, "not in '.txt'"),
    "a graph that is no JSON": (FILES[".png"], ".png", b"{", "no JSON"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_damage_is_refused_in_a_sentence(case: str) -> None:
    content, suffix, document, said = REFUSED[case]
    with pytest.raises(BadInput, match=said):
        embed_graph(content, suffix, document)


@settings(max_examples=150, deadline=None)
@given(suffix=st.sampled_from(sorted(FILES)), draw=st.data())
def test_no_damage_raises_anything_but_a_refusal(suffix: str, draw: st.DataObject) -> None:
    content = bytearray(embed_graph(FILES[suffix], suffix, GRAPH))
    content[draw.draw(st.integers(0, len(content) - 1))] ^= draw.draw(st.integers(1, 255))
    del content[draw.draw(st.integers(0, len(content))) :]
    damaged = bytes(content)
    with suppress(BadInput):
        extract_graph(damaged)
    with suppress(BadInput):
        embed_graph(damaged, suffix, GRAPH)


def test_what_is_of_another_kind_holds_no_graph() -> None:
    with pytest.raises(BadInput, match="of a kind that holds no graph"):
        extract_graph(b"hello")


def test_other_programs_open_sounds_and_archives_as_before() -> None:
    with wave.open(io.BytesIO(embed_graph(FILES[".wav"], ".wav", GRAPH))) as sound:
        assert sound.readframes(100) == bytes(range(200))
    kept = Audio.decode(embed_graph(FILES[".flac"], ".flac", GRAPH))
    assert (kept.samples == TONE.samples).all()
    with zipfile.ZipFile(io.BytesIO(embed_graph(FILES[".zip"], ".zip", GRAPH))) as opened:
        assert opened.testzip() is None
        assert (opened.namelist(), opened.read("README.txt")) == (["README.txt", "graph.json"], b"words")
    song = embed_graph(MP3, ".mp3", GRAPH)
    assert song.index(b"TIT2") < song.index(b"TXXX") < song.index(b"\xff\xfb")
    assert embed_graph(MP4, ".mp4", GRAPH).startswith(MP4)


def test_a_packed_graph_in_an_archive_is_not_unpacked() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("graph.json", GRAPH * 1000, compress_type=zipfile.ZIP_DEFLATED)
    assert extract_graph(buffer.getvalue()) is None
