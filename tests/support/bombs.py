"""Small files that claim, or unpack to, far more than they are; and some that are only damaged."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import orjson
from PIL import Image as pil


def png(width: int, height: int, packed: bytes | None = None, extra: bytes = b"") -> bytes:
    """A PNG of a claimed size; `packed` is its compressed pixels, by default those of a white picture's first row."""
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = packed if packed is not None else zlib.compress(b"\0" + b"\xff" * min(width, 1000))
    return b"\x89PNG\r\n\x1a\n" + head + extra + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def text_bomb() -> bytes:
    """A PNG of one pixel with a compressed text of 400 MB."""
    squeeze = zlib.compressobj(9)
    packed = b"".join([squeeze.compress(b"\0" * 2**20) for _ in range(400)]) + squeeze.flush()
    return png(1, 1, zlib.compress(b"\0\xff"), _chunk(b"zTXt", b"bomb\0\0" + packed))


def animated(frames: int) -> bytes:
    """An APNG that claims so many frames."""
    return png(1, 1, zlib.compress(b"\0\xff"), _chunk(b"acTL", struct.pack(">II", frames, 0)))


def webp(width: int, height: int) -> bytes:
    """A WebP whose header claims a size."""
    bits = (width - 1) | (height - 1) << 14
    body = b"VP8L" + struct.pack("<I", 5) + b"\x2f" + struct.pack("<I", bits) + b"\0"
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def jpeg(width: int, height: int) -> bytes:
    """A JPEG whose frame header claims a size."""
    buffer = io.BytesIO()
    pil.new("RGB", (8, 8), "white").save(buffer, "JPEG")
    content = bytearray(buffer.getvalue())
    at = content.index(b"\xff\xc0")
    content[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(content)


def glb(document: dict[str, object], binary: bytes = b"", *, length: int | None = None) -> bytes:
    """A GLB of a document; `length` is what its header claims."""
    return glb_of(orjson.dumps(document), binary, length)


def glb_of(text: bytes, binary: bytes = b"", length: int | None = None) -> bytes:
    """A GLB whose JSON is this text."""
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<II", len(text), 0x4E4F534A) + text
    if binary:
        binary += b"\0" * (-len(binary) % 4)
        chunks += struct.pack("<II", len(binary), 0x004E4942) + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks) if length is None else length) + chunks


def triangles(count: int, **changes: object) -> dict[str, object]:
    """A glTF document of one mesh whose accessor claims `count` positions in 36 bytes."""
    return {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "accessors": [{"bufferView": 0, "componentType": 5126, "type": "VEC3", "count": count}],
        "bufferViews": [{"buffer": 0, "byteLength": 36}],
        "buffers": [{"byteLength": 36}],
    } | changes


def chain(count: int) -> list[dict[str, object]]:
    """Nodes of which each holds the next: as deep as there are."""
    nodes: list[dict[str, object]] = [{"children": [number + 1]} for number in range(count - 1)]
    return [*nodes, {"mesh": 0}]


def wav(frames: int, claimed: int, channels: int = 1) -> bytes:
    """A WAV of 16 bits with so many frames that claims another number."""
    samples = np.zeros((frames, channels), "<i2").tobytes()
    form = struct.pack("<HHIIHH", 1, channels, 8000, 16000 * channels, 2 * channels, 16)
    size = min(claimed * 2 * channels, 2**32 - 1)
    body = b"WAVEfmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", size) + samples
    return b"RIFF" + struct.pack("<I", min(4 + len(body) + size, 2**32 - 1)) + body


def silence(seconds: int) -> bytes:
    """Hours of silence as FLAC: a few kilobytes a minute."""
    import soundfile

    buffer = io.BytesIO()
    with soundfile.SoundFile(buffer, "w", 8000, 1, "PCM_16", format="FLAC") as file:
        for _ in range(seconds):
            file.write(np.zeros(8000, np.int16))
    return buffer.getvalue()


def npz(shape: tuple[int, ...]) -> bytes:
    """An npz whose one array claims a shape that it does not hold."""
    import zipfile

    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".encode()
    header += b" " * (63 - (10 + len(header)) % 64) + b"\n"
    array = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("facts.npy", array)
    return buffer.getvalue()


def zip_bomb(mebibytes: int) -> bytes:
    """A zip of nothing but zeros, a thousandth of what it unpacks to, with names that lead out of its folder."""
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        way_out = zipfile.ZipInfo("../../evil")
        way_out.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(way_out, "w", force_zip64=True) as member:
            for _ in range(mebibytes):
                member.write(b"\0" * 2**20)
        archive.writestr("/etc/evil", b"x")
    return buffer.getvalue()
