"""What a file is, by its first bytes. What it is called decides nothing but the media type of plain text."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Final

HEAD_BYTES: Final = 4096
"""How much of a file is looked at."""
OPAQUE: Final = "application/octet-stream"
TEXTS: Final = {
    ".css": "text/css",
    ".csv": "text/csv",
    ".htm": "text/html",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".xhtml": "application/xhtml+xml",
    ".xml": "application/xml",
}
"""Media types of texts, by the ending of the name."""


@dataclass(frozen=True, slots=True)
class Sniffed:
    """The port type that a file's content fits, and its media type. `file` is what nothing here can open."""

    type: str
    media_type: str


def sniffed(head: bytes, name: str = "") -> Sniffed:
    """What a file that begins with `head` is."""
    for at, mark, found in MARKS:
        if head[at : at + len(mark)] == mark:
            return found
    if head[:4] == b"RIFF":
        return {b"WEBP": Sniffed("image", "image/webp"), b"WAVE": Sniffed("audio", "audio/wav")}.get(
            head[8:12], Sniffed("file", OPAQUE)
        )
    if head[:4] in (b"ply\n", b"ply\r") and b" scale_0" in head and b" rot_0" in head:
        return Sniffed("splat", "application/x-ply")
    if head[:2] == b"\x1f\x8b" and _unpacked(head) == b"NGSP":
        return Sniffed("splat", "application/x-spz")
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2:
        return Sniffed("audio", "audio/mpeg")
    return Sniffed("file", _text_type(head, name))


def _unpacked(head: bytes) -> bytes:
    """The first four bytes of what is packed by gzip; none where it is damaged."""
    try:
        return zlib.decompressobj(wbits=31).decompress(head, 4)
    except zlib.error:
        return b""


MARKS: Final = (
    (0, b"\x89PNG\r\n\x1a\n", Sniffed("image", "image/png")),
    (0, b"\xff\xd8\xff", Sniffed("image", "image/jpeg")),
    (0, b"glTF", Sniffed("mesh", "model/gltf-binary")),
    (0, b"fLaC", Sniffed("audio", "audio/flac")),
    (0, b"OggS", Sniffed("audio", "audio/ogg")),
    (0, b"ID3", Sniffed("audio", "audio/mpeg")),
    (4, b"ftyp", Sniffed("video", "video/mp4")),
    (0, b"PK\x03\x04", Sniffed("file", "application/zip")),
    (0, b"PK\x05\x06", Sniffed("file", "application/zip")),
    (0, b"%PDF-", Sniffed("file", "application/pdf")),
)


def _text_type(head: bytes, name: str) -> str:
    """The media type of a text; markup is told by its content, whatever the name says."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if b"\0" in start:
        return OPAQUE
    if start[:1] == b"<":
        if b"<svg" in start:
            return "image/svg+xml"
        return "application/xml" if start.startswith(b"<?xml") and b"<html" not in start else "text/html"
    _, dot, ending = name.rpartition(".")
    return TEXTS.get(f".{ending.lower()}", OPAQUE) if dot else OPAQUE


SHOWN: Final = frozenset(
    {
        "application/json",
        "audio/flac",
        "audio/mpeg",
        "audio/ogg",
        "audio/wav",
        "image/jpeg",
        "image/png",
        "image/webp",
        "model/gltf-binary",
        "video/mp4",
    }
)
"""Media types that a browser may show in place; it runs nothing in them. All others are saved as files."""
