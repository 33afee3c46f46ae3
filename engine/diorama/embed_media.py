"""Graphs inside sounds, films and archives: where each format has room for what players pass over."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from diorama.faults import BadInput
from diorama.limits import limits

WAV_CHUNK: Final = b"dior"
FLAC_BLOCK: Final = b"dior"
"""The application that a block of a FLAC belongs to (RFC 9639, 8.4)."""
MP4_MARK: Final = bytes.fromhex("d10a4a6de87b4f0c9c2e64696f72616d")
"""The type of a `uuid` box that holds a graph (ISO/IEC 14496-12, 4.2)."""
MP3_FRAME: Final = b"\x03diorama\0"
"""How the text of a TXXX frame begins: in UTF-8, described as `diorama` (ID3v2.4, 4.2.6)."""
ZIP_MEMBER: Final = "graph.json"
MOMENT: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time that zip has: that of packing would make each file another."""

BROKEN: Final = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, struct.error, zlib.error)
"""What the library raises over archives that are damaged."""

Span = tuple[bytes, int, int]
"""What a part of a file is called, where it starts, and how long it is with all that belongs to it."""


def wav_with(content: bytes, document: bytes) -> bytes:
    """A WAV with the document in a chunk of its own, at the end."""
    kept = b"".join(content[start : start + size] for kind, start, size in _wav_chunks(content) if kind != WAV_CHUNK)
    chunk = WAV_CHUNK + struct.pack("<I", len(document)) + document + b"\0" * (len(document) % 2)
    return b"RIFF" + struct.pack("<I", 4 + len(kept) + len(chunk)) + b"WAVE" + kept + chunk


def text_of_wav(content: bytes) -> bytes | None:
    """The document in a WAV, or None."""
    for kind, start, _ in _wav_chunks(content):
        if kind == WAV_CHUNK:
            (size,) = struct.unpack_from("<I", content, start + 4)
            return content[start + 8 : start + 8 + size]
    return None


def _wav_chunks(content: bytes) -> Iterator[Span]:
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise BadInput(f"{len(content):,} bytes given are no WAV")
    place = 12
    while place + 8 <= len(content):
        kind, size = struct.unpack_from("<4sI", content, place)
        if place + 8 + size > len(content):
            raise BadInput(f"a chunk of the WAV at byte {place:,} claims {size:,} bytes, more than follow")
        padded = min(8 + size + size % 2, len(content) - place)
        yield kind, place, padded
        place += padded


def flac_with(content: bytes, document: bytes) -> bytes:
    """A FLAC with the document in a block of its own, behind the first, which says what the sound is."""
    if len(document) + 4 >= 2**24:
        raise BadInput(f"the graph has {len(document):,} bytes, more than a block of a FLAC holds")
    blocks, end = _flac_blocks(content)
    kept = [content[start : start + size] for kind, start, size in blocks if not _is_block(content, kind, start)]
    block = b"\x02" + struct.pack(">I", len(document) + 4)[1:] + FLAC_BLOCK + document
    parts = [kept[0], block, *kept[1:]]
    heads = [part[0] & 0x7F | (0x80 if part is parts[-1] else 0) for part in parts]
    return b"fLaC" + b"".join(bytes([head]) + part[1:] for head, part in zip(heads, parts, strict=True)) + content[end:]


def text_of_flac(content: bytes) -> bytes | None:
    """The document in a FLAC, or None."""
    for kind, start, size in _flac_blocks(content)[0]:
        if _is_block(content, kind, start):
            return content[start + 8 : start + size]
    return None


def _is_block(content: bytes, kind: bytes, start: int) -> bool:
    return kind == b"\x02" and content[start + 4 : start + 8] == FLAC_BLOCK


def _flac_blocks(content: bytes) -> tuple[list[Span], int]:
    """The blocks before the sound itself, and where that begins."""
    blocks: list[Span] = []
    place, is_last = 4, False
    while not is_last:
        if place + 4 > len(content):
            raise BadInput(f"the FLAC ends at byte {len(content):,}, before its sound")
        is_last = content[place] >= 0x80
        size = 4 + int.from_bytes(content[place + 1 : place + 4])
        if place + size > len(content):
            raise BadInput(f"a block of the FLAC at byte {place:,} claims {size:,} bytes, more than follow")
        blocks.append((bytes([content[place] & 0x7F]), place, size))
        place += size
    return blocks, place


def mp4_with(content: bytes, document: bytes) -> bytes:
    """An MP4 with the document in a box of its own, at the end, where it moves nothing that others point at."""
    boxes = [span for span in _mp4_boxes(content) if not _is_ours(content, span)]
    kept = b"".join(content[start : start + size] for _, start, size in boxes)
    return kept + struct.pack(">I4s", 24 + len(document), b"uuid") + MP4_MARK + document


def text_of_mp4(content: bytes) -> bytes | None:
    """The document in an MP4, or None."""
    for span in _mp4_boxes(content):
        if _is_ours(content, span):
            return content[span[1] + 24 : span[1] + span[2]]
    return None


def _is_ours(content: bytes, span: Span) -> bool:
    kind, start, size = span
    return kind == b"uuid" and size >= 24 and content[start + 8 : start + 24] == MP4_MARK


def _mp4_boxes(content: bytes) -> Iterator[Span]:
    place = 0
    while place < len(content):
        if place + 8 > len(content):
            raise BadInput(f"the MP4 ends within the head of its box at byte {place:,}")
        size, kind = struct.unpack_from(">I4s", content, place)
        if size == 1 and place + 16 <= len(content):
            (size,) = struct.unpack_from(">Q", content, place + 8)
        elif size == 0:
            raise BadInput(f"the MP4's box at byte {place:,} has no end, so that nothing can follow it")
        if size < 8 or place + size > len(content):
            raise BadInput(f"a box of the MP4 at byte {place:,} claims {size:,} bytes, which are not there")
        yield kind, place, size
        place += size


def mp3_with(content: bytes, document: bytes) -> bytes:
    """An MP3 with the document as a text of its tag; the other frames of a tag of ID3v2.4 stay."""
    frames, end = _id3_frames(content)
    kept = b"".join(content[start : start + size] for kind, start, size in frames if not _is_text(content, kind, start))
    text = MP3_FRAME + document
    frame = b"TXXX" + _synchsafe(len(text)) + b"\0\0" + text
    return b"ID3\x04\0\0" + _synchsafe(len(kept) + len(frame)) + kept + frame + content[end:]


def text_of_mp3(content: bytes) -> bytes | None:
    """The document in an MP3's tag, or None."""
    frames, _ = _id3_frames(content)
    for kind, start, size in frames:
        if _is_text(content, kind, start):
            return content[start + 10 + len(MP3_FRAME) : start + size]
    return None


def _is_text(content: bytes, kind: bytes, start: int) -> bool:
    return kind == b"TXXX" and content[start + 10 : start + 10 + len(MP3_FRAME)] == MP3_FRAME


def _id3_frames(content: bytes) -> tuple[list[Span], int]:
    """The frames of the tag at the start, and where it ends; none of a tag of another version, which is left out."""
    if content[:3] != b"ID3" or len(content) < 10:
        return [], 0
    end = 10 + _of_synchsafe(content[6:10])
    if end > len(content):
        raise BadInput(f"the MP3's tag claims {end - 10:,} bytes, more than follow")
    frames: list[Span] = []
    place = 10
    while content[3:6] == b"\x04\0\0" and place + 10 <= end and content[place] != 0:
        size = 10 + _of_synchsafe(content[place + 4 : place + 8])
        if place + size > end:
            raise BadInput(f"a frame of the MP3's tag at byte {place:,} claims {size:,} bytes, more than follow")
        frames.append((content[place : place + 4], place, size))
        place += size
    return frames, end


def _synchsafe(number: int) -> bytes:
    """A number in four bytes of seven bits (ID3v2.4, 6.2)."""
    if number >= 2**28:
        raise BadInput(f"the graph has {number:,} bytes, more than a tag of an MP3 holds")
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def _of_synchsafe(given: bytes) -> int:
    number = 0
    for byte in given:
        number = number << 7 | byte & 0x7F
    return number


def zip_with(content: bytes, document: bytes) -> bytes:
    """An archive with the document as a file that is stored as it is."""
    buffer = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
            for entry in old.infolist():
                if entry.filename != ZIP_MEMBER:
                    new.writestr(entry, old.read(entry))
            entry = zipfile.ZipInfo(ZIP_MEMBER, MOMENT)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            new.writestr(entry, document)
    except BROKEN as error:
        raise BadInput(f"the zip is damaged: {error}") from error
    return buffer.getvalue()


def text_of_zip(content: bytes) -> bytes | None:
    """The document in an archive, or None. Nothing is unpacked: one that is compressed is not ours."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if ZIP_MEMBER not in archive.namelist():
                return None
            entry = archive.getinfo(ZIP_MEMBER)
            if entry.compress_type != zipfile.ZIP_STORED or entry.file_size > limits().max_graph_bytes:
                return None
            return archive.read(entry)
    except BROKEN as error:
        raise BadInput(f"the zip is damaged: {error}") from error
