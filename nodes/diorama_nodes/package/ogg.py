"""The pages of an OGG stream (RFC 3533), whose random serial number becomes a fixed one."""

from __future__ import annotations

import struct
import zlib

from diorama.faults import BadInput

SERIAL_AT, CHECKSUM_AT, HEADER = 14, 22, 27
MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
"""Each byte with its bits in reverse."""


def with_serial(content: bytes, serial: int) -> bytes:
    """The same stream under the serial number, the checksum of every page made anew.

    An encoder draws the number at random, so that streams can be multiplexed; here it would only make
    the same sound into other bytes each time.
    """
    pages = bytearray(content)
    place = 0
    while place < len(pages):
        end = _end(content, place)
        struct.pack_into("<I", pages, place + SERIAL_AT, serial)
        struct.pack_into("<I", pages, place + CHECKSUM_AT, 0)
        struct.pack_into("<I", pages, place + CHECKSUM_AT, checksum(bytes(pages[place:end])))
        place = end
    return bytes(pages)


def _end(content: bytes, place: int) -> int:
    """Where the page that starts at `place` ends."""
    if content[place : place + 4] != b"OggS" or place + HEADER > len(content):
        raise BadInput(f"the OGG has no page at byte {place:,}")
    lengths = content[place + HEADER : place + HEADER + content[place + HEADER - 1]]
    end = place + HEADER + len(lengths) + sum(lengths)
    if end > len(content):
        raise BadInput(f"the OGG's page at byte {place:,} is cut short")
    return end


def checksum(page: bytes) -> int:
    """The checksum of a page whose own checksum is nought.

    OGG and zlib use the same polynomial, OGG from the highest bit and zlib from the lowest, with other
    starts and ends: with every byte mirrored, zlib's fast sum is that of OGG, mirrored.
    """
    mirrored = zlib.crc32(page.translate(MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)
