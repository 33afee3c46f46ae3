"""The graph that made a file, kept inside it: whoever has the result can run it again."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import orjson

from diorama.embed_media import (
    flac_with,
    mp3_with,
    mp4_with,
    text_of_flac,
    text_of_mp3,
    text_of_mp4,
    text_of_wav,
    text_of_zip,
    wav_with,
    zip_with,
)
from diorama.faults import BadInput
from diorama.limits import limits
from diorama.values.glb_file import JsonObject, open_glb, with_document

KEYWORD = "diorama"
"""The PNG text's keyword, and the key under `asset.extras` of a GLB."""
MEDIA = {".flac": flac_with, ".wav": wav_with, ".mp3": mp3_with, ".mp4": mp4_with, ".zip": zip_with}
SUFFIXES = (".png", ".glb", *MEDIA)
"""Files that can carry their graph."""
PNG_MARK = b"\x89PNG\r\n\x1a\n"


def embed_graph(content: bytes, suffix: str, document: bytes) -> bytes:
    """The file with the graph document inside, in place of one that it had; its picture or model is untouched.

    `suffix` is one of `SUFFIXES`; `document` is JSON, which `extract_graph` gives back byte for byte.
    Raises `BadInput` where the file is damaged, of another kind, or the document is no JSON within the limit.
    """
    if len(document) > limits().max_graph_bytes:
        raise BadInput(f"the graph has {len(document):,} bytes, but at most {limits().max_graph_bytes:,} are taken")
    try:
        graph = orjson.loads(document)
    except orjson.JSONDecodeError as error:
        raise BadInput(f"the graph to keep in the file is no JSON: {error}") from error
    if suffix == ".png":
        return _png_with(content, document)
    if suffix == ".glb":
        # As an object it is there for every reader of glTF; text keeps the bytes of what is written otherwise.
        is_plain = isinstance(graph, dict) and orjson.dumps(graph) == document
        return _glb_with(content, graph if is_plain else document.decode())
    if suffix in MEDIA:
        return MEDIA[suffix](content, document)
    raise BadInput(f"a graph can be kept in files of {', '.join(SUFFIXES)}, not in {suffix!r}")


def extract_graph(content: bytes) -> bytes | None:
    """The graph document inside a file, or None where it holds none; raises `BadInput` for content of other kinds."""
    if content[:8] == PNG_MARK:
        return _text_of_png(content)
    if content[:4] == b"glTF":
        return _text_of_glb(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return text_of_wav(content)
    if content[:4] == b"fLaC":
        return text_of_flac(content)
    if content[4:8] == b"ftyp":
        return text_of_mp4(content)
    if content[:3] == b"ID3" or (len(content) > 1 and content[0] == 0xFF and content[1] & 0xE6 == 0xE2):
        return text_of_mp3(content)
    if content[:2] == b"PK":
        return text_of_zip(content)
    raise BadInput(f"{len(content):,} bytes given are of a kind that holds no graph: {', '.join(SUFFIXES)} do")


def _png_with(content: bytes, document: bytes) -> bytes:
    pieces = [PNG_MARK]
    is_placed = False
    for kind, start, size in _png_chunks(content):
        if kind == b"iTXt" and _keyword(content, start, size) == KEYWORD.encode():
            continue
        if kind == b"IDAT" and not is_placed:
            pieces.append(_png_chunk(b"iTXt", KEYWORD.encode() + b"\0\0\0\0\0" + document))
            is_placed = True
        pieces.append(content[start - 8 : start + size + 4])
    if not is_placed:
        raise BadInput("the PNG has no picture in it: the chunk IDAT is missing")
    return b"".join(pieces)


def _text_of_png(content: bytes) -> bytes | None:
    for kind, start, size in _png_chunks(content):
        if kind == b"iTXt" and _keyword(content, start, size) == KEYWORD.encode():
            return _text(content[start : start + size])
    return None


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start and size of each chunk's body, its checksum verified; from IHDR to IEND."""
    if content[:8] != PNG_MARK:
        raise BadInput(f"{len(content):,} bytes given are no PNG: its mark is missing at their start")
    place, kind = 8, b""
    while kind != b"IEND":
        if place + 12 > len(content):
            raise BadInput(f"the PNG ends at byte {len(content):,}, before its chunk IEND")
        size, kind = struct.unpack_from(">I4s", content, place)
        start, end = place + 8, place + 8 + size
        if end + 4 > len(content):
            raise BadInput(f"a chunk of the PNG at byte {place:,} claims {size:,} bytes, more than follow")
        if place == 8 and kind != b"IHDR":
            raise BadInput("the PNG does not start with its chunk IHDR")
        (given,) = struct.unpack_from(">I", content, end)
        if zlib.crc32(memoryview(content)[place + 4 : end]) != given:
            raise BadInput(f"the PNG is damaged: the checksum of its chunk at byte {place:,} does not fit")
        yield kind, start, size
        place = end + 4
    if place != len(content):
        raise BadInput(f"the PNG goes on after its end, at byte {place:,}")


def _png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _keyword(content: bytes, start: int, size: int) -> bytes:
    return content[start : start + min(size, 80)].partition(b"\0")[0]


def _text(body: bytes) -> bytes:
    """The text of an iTXt chunk (PNG, 11.3.3.4), unpacked within the limit where it is compressed."""
    _, _, rest = body.partition(b"\0")
    texts = rest[2:].split(b"\0", 2)
    if len(rest) < 2 or len(texts) != 3 or rest[0] > 1:
        raise BadInput("the PNG's graph is damaged: its chunk iTXt has no text")
    if rest[0] == 0:
        return texts[2]
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(texts[2], limits().max_graph_bytes)
    except zlib.error as error:
        raise BadInput(f"the PNG's graph is damaged: {error}") from error
    if not unpacking.eof:
        raise BadInput(f"the PNG's graph is cut short, or unpacks to more than {limits().max_graph_bytes:,} bytes")
    return text


def _glb_with(content: bytes, graph: object) -> bytes:
    document, _ = open_glb(content)
    asset = _asset(document)
    extras = asset.get("extras", {})
    if not isinstance(extras, dict):
        raise BadInput("the GLB's asset.extras is no object, so that no graph can be kept there")
    return with_document(content, document | {"asset": asset | {"extras": extras | {KEYWORD: graph}}})


def _text_of_glb(content: bytes) -> bytes | None:
    document, _ = open_glb(content)
    extras = _asset(document).get("extras")
    graph = extras.get(KEYWORD) if isinstance(extras, dict) else None
    if graph is None:
        return None
    return graph.encode() if isinstance(graph, str) else orjson.dumps(graph)


def _asset(document: JsonObject) -> JsonObject:
    asset = document.get("asset")
    if not isinstance(asset, dict):
        raise BadInput("the GLB has no asset, which glTF asks for")
    return asset
