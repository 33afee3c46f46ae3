"""The GLB container: a JSON chunk and a binary chunk behind a header of twelve bytes (glTF 2.0, section 4)."""

from __future__ import annotations

import struct
from collections.abc import Mapping

import orjson

from diorama.faults import BadInput
from diorama.limits import limits

JsonObject = dict[str, object]

MAGIC = b"glTF"
JSON_CHUNK = 0x4E4F534A
BIN_CHUNK = 0x004E4942


def pack_glb(document: Mapping[str, object], binary: bytes) -> bytes:
    """A GLB of the document and its one buffer, both padded to four bytes."""
    text = canonical(document)
    chunks = _chunk(JSON_CHUNK, text, b" ") + (_chunk(BIN_CHUNK, binary, b"\0") if binary else b"")
    return struct.pack("<4sII", MAGIC, 2, 12 + len(chunks)) + chunks


def canonical(entry: Mapping[str, object]) -> bytes:
    """The JSON text of an object as it stands in a GLB, its keys in the order they have."""
    try:
        return orjson.dumps(entry)
    except TypeError as error:
        raise BadInput(f"a name or number cannot be written as JSON: {error}") from error


def _chunk(kind: int, content: bytes, padding: bytes) -> bytes:
    padded = content + padding * (-len(content) % 4)
    return struct.pack("<II", len(padded), kind) + padded


def open_glb(content: bytes) -> tuple[JsonObject, bytes]:
    """The document and the binary chunk of a GLB; raises `BadInput` where a length lies or there is no JSON object."""
    if len(content) > limits().max_file_bytes:
        raise BadInput(f"the GLB has {len(content):,} bytes, but at most {limits().max_file_bytes:,} are taken")
    if len(content) < 20 or content[:4] != MAGIC:
        raise BadInput(f"{len(content):,} bytes given are no GLB: the mark `glTF` is missing at their start")
    version, length = struct.unpack_from("<II", content, 4)
    if version != 2:
        raise BadInput(f"the GLB is of version {version}, but version 2 is wanted")
    if length != len(content):
        raise BadInput(f"the GLB's header claims {length:,} bytes, but there are {len(content):,}")
    chunks = _chunks(content)
    kinds = [kind for kind, _, _ in chunks]
    if kinds[:1] != [JSON_CHUNK] or BIN_CHUNK in kinds[2:] or JSON_CHUNK in kinds[1:]:
        raise BadInput("the GLB's chunks are out of order: one of JSON, then at most one of binary, is wanted")
    _, start, size = chunks[0]
    document = _document(content[start : start + size])
    if kinds[1:2] != [BIN_CHUNK]:
        return document, b""
    _, start, size = chunks[1]
    return document, content[start : start + size]


def with_document(content: bytes, document: Mapping[str, object]) -> bytes:
    """The GLB with another document, all its other chunks as they are."""
    open_glb(content)
    (_, start, size), *_ = _chunks(content)
    chunks = _chunk(JSON_CHUNK, canonical(document), b" ") + content[start + size :]
    return struct.pack("<4sII", MAGIC, 2, 12 + len(chunks)) + chunks


def _chunks(content: bytes) -> list[tuple[int, int, int]]:
    """Kind, start and size of each chunk."""
    chunks: list[tuple[int, int, int]] = []
    place = 12
    while place < len(content):
        if place + 8 > len(content):
            raise BadInput(f"the GLB ends within the header of a chunk, at byte {len(content):,}")
        size, kind = struct.unpack_from("<II", content, place)
        place += 8
        if size > len(content) - place:
            raise BadInput(f"a chunk at byte {place - 8:,} claims {size:,} bytes, but {len(content) - place:,} follow")
        chunks.append((kind, place, size))
        if len(chunks) > 64:
            raise BadInput("the GLB has more than 64 chunks")
        place += size
    return chunks


def _document(text: bytes) -> JsonObject:
    if len(text) > limits().max_graph_bytes:
        raise BadInput(f"the GLB's JSON has {len(text):,} bytes, but at most {limits().max_graph_bytes:,} are taken")
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadInput(f"the GLB's JSON chunk cannot be read: {error}") from error
    if not isinstance(document, dict):
        raise BadInput("the GLB's JSON chunk holds no object")
    return document
