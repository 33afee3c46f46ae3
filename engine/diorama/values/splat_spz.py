"""Gaussian splats as SPZ: gzip over rounded columns, about a tenth of a PLY.

Written and read after the format's description and reference implementation (nianticlabs/spz, MIT): a header of 16
bytes, then for all gaussians positions in fixed point of 24 bits, opacities, colours, logarithms of scales, rotations,
and harmonics of higher degrees. Version 2 is written; 2 and 3 are read, which differ in how a rotation is packed. The
axes are X right, Y up, Z back, those of glTF, where PLY has Y down.
"""

from __future__ import annotations

import struct
import zlib
from typing import Final

import numpy as np

from diorama.faults import BadInput
from diorama.values.mesh import Floats
from diorama.values.splat import Splat, check_count, checked

GZIP: Final = b"\x1f\x8b"
MAGIC: Final = b"NGSP"
HEADER: Final = struct.Struct("<4sIIBBBB")
ROTATION_BYTES: Final = {2: 3, 3: 4}
"""Bytes of a rotation, by version."""
HARMONIC_BYTES: Final = (0, 9, 24, 45)
"""Bytes of the harmonics beyond degree 0, by the highest degree."""
COLOR_SCALE: Final = 0.15
"""Share of a coefficient that a colour moves from the middle of its byte."""
MOST_BITS: Final = 16
"""Bits after the point of a position where it may have so many: steps of 15 micrometres, out to 128 m."""
READ_BITS: Final = 24
FULL: Final = 2**23 - 1
LEVEL: Final = 6

Bytes = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


def write_spz(splat: Splat) -> bytes:
    """The gaussians as SPZ of version 2."""
    farthest = float(np.abs(splat.positions).max(initial=0.0))
    # Without any there is room for the farthest that a splat may reach.
    bits = next(bits for bits in range(MOST_BITS, -1, -1) if farthest * 2**bits < FULL)
    steps = np.rint(splat.positions.astype(np.float64) * 2**bits).astype("<i4")
    rotations = splat.rotations * np.where(splat.rotations[:, 3:] < 0, np.float32(-1), np.float32(1))
    columns = (
        steps.view(np.uint8).reshape(-1, 3, 4)[:, :, :3],
        _bytes(splat.opacities * 255),
        _bytes((splat.colors * COLOR_SCALE + 0.5) * 255),
        _bytes((splat.log_scales + 10) * 16),
        _bytes(rotations[:, :3] * 127.5 + 127.5),
    )
    header = HEADER.pack(MAGIC, 2, splat.count, 0, bits, 0, 0)
    packing = zlib.compressobj(LEVEL, wbits=31)
    packed = [packing.compress(header), *(packing.compress(column.tobytes()) for column in columns)]
    return b"".join([*packed, packing.flush()])


def _bytes(rows: Floats) -> Bytes:
    return np.clip(np.rint(rows), 0, 255).astype(np.uint8)


def read_spz(content: bytes) -> Splat:
    """The gaussians of an SPZ of version 2 or 3; raises `BadInput` that says what is wrong with it."""
    unpacking = zlib.decompressobj(wbits=31)
    header = _unpacked(unpacking, content, HEADER.size)
    magic, version, count, degree, bits, _, _ = HEADER.unpack(header)
    if magic != MAGIC:
        raise BadInput("what is packed is no SPZ: the mark `NGSP` is missing at its start")
    if version not in ROTATION_BYTES:
        raise BadInput(f"the SPZ is of version {version}, but version 2 or 3 is wanted")
    if degree >= len(HARMONIC_BYTES) or bits > READ_BITS:
        raise BadInput(
            f"the SPZ claims harmonics of degree {degree} and {bits} bits after the point, but at most "
            f"{len(HARMONIC_BYTES) - 1} and {READ_BITS} are wanted"
        )
    check_count(count, "SPZ")
    widths = (9, 1, 3, 3, ROTATION_BYTES[version], HARMONIC_BYTES[degree])
    body = _unpacked(unpacking, unpacking.unconsumed_tail, count * sum(widths))
    if unpacking.decompress(unpacking.unconsumed_tail, 1) or not unpacking.eof:
        raise BadInput(f"the SPZ goes on after its {count:,} gaussians")
    columns: list[Bytes] = []
    place = 0
    for width in widths[:5]:
        columns.append(np.frombuffer(body, np.uint8, count * width, place).reshape(count, width))
        place += count * width
    positions, opacities, colors, scales, rotations = columns
    shares = np.clip(opacities[:, 0].astype(np.float64) / 255, 1e-6, 1 - 1e-6)
    return checked(
        _positions(positions, bits),
        scales.astype(np.float32) / np.float32(16) - np.float32(10),
        _smallest_three(rotations) if version == 3 else _first_three(rotations),
        np.log(shares / (1 - shares)).astype(np.float32),
        ((colors.astype(np.float64) / 255 - 0.5) / COLOR_SCALE).astype(np.float32),
    )


def _unpacked(unpacking: zlib._Decompress, packed: bytes, wanted: int) -> bytes:
    """So many bytes and no more, however much there may be."""
    try:
        # A length of nought would mean no bound.
        found = unpacking.decompress(packed, wanted) if wanted else b""
    except zlib.error as error:
        raise BadInput(f"the SPZ is damaged: {error}") from error
    if len(found) < wanted:
        raise BadInput(f"the SPZ ends early: {wanted:,} bytes are wanted, but {len(found):,} are packed in it")
    return found


def _positions(packed: Bytes, bits: int) -> Floats:
    wide: Bytes = np.zeros((len(packed), 3, 4), np.uint8)
    wide[:, :, 1:] = packed.reshape(-1, 3, 3)
    # The three bytes are the upper ones, so that shifting them down carries the sign along.
    steps = wide.view(np.dtype("<i4"))[:, :, 0] >> 8
    found: Floats = (steps.astype(np.float64) / 2**bits).astype(np.float32)
    return found


def _first_three(packed: Bytes) -> Floats:
    found = packed.astype(np.float64) / 127.5 - 1
    last = np.sqrt(np.maximum(1 - (found**2).sum(axis=1, keepdims=True), 0))
    return np.concatenate([found, last], axis=1).astype(np.float32)


def _smallest_three(packed: Bytes) -> Floats:
    """Quaternions of version 3: which part is the largest in two bits, then the others with sign in ten bits each."""
    words = np.ascontiguousarray(packed).view("<u4")[:, 0]
    largest = (words >> 30).astype(np.int64)
    found = np.zeros((len(words), 4), np.float64)
    for part in (3, 2, 1, 0):
        is_told = largest != part
        size = (words & 511).astype(np.float64) / 511 * np.sqrt(0.5)
        found[:, part] = np.where(is_told, np.where(words >> 9 & 1, -size, size), 0)
        words = np.where(is_told, words >> 10, words)
    rest = np.sqrt(np.maximum(1 - (found**2).sum(axis=1), 0))
    found[np.arange(len(found)), largest] = rest
    return found.astype(np.float32)
