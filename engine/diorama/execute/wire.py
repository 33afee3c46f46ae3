"""How the server and a worker talk over a socket: a length, then that many bytes of JSON."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from socket import socket

HEADER = struct.Struct("<I")
MESSAGE_BYTES = 32 * 2**20
"""Longest message that is taken from a worker: refs of a hundred thousand items. Values themselves go by digest."""
ORDER_BYTES = 256 * 2**20
"""Longest message that a worker is sent."""
CHUNK = 2**18
"""Most bytes that are taken from a socket at once, so that no worker keeps the server from the others."""


class Garbage(ValueError):
    """Raised for bytes that are no message."""


def framed(message: bytes, most: int = MESSAGE_BYTES) -> bytes:
    """A message as it goes over the wire; raises `Garbage` where it is too long to be taken."""
    if len(message) > most:
        raise Garbage(f"a message of {len(message):,} bytes is longer than the {most:,} that are taken")
    return HEADER.pack(len(message)) + message


class Inbox:
    """Puts messages together from bytes as they come; holds no more than one message and a chunk."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, content: bytes) -> Iterator[bytes]:
        """The messages that are whole with these bytes; raises `Garbage` as soon as a length says too much."""
        self._bytes += content
        while len(self._bytes) >= HEADER.size:
            (length,) = HEADER.unpack_from(self._bytes)
            if length > MESSAGE_BYTES:
                raise Garbage(f"a message of {length:,} bytes was announced; at most {MESSAGE_BYTES:,} are taken")
            end = HEADER.size + length
            if len(self._bytes) < end:
                return
            message = bytes(self._bytes[HEADER.size : end])
            del self._bytes[:end]
            yield message


def read_message(source: socket) -> bytes | None:
    """The next message of a blocking socket, None where the other side is gone."""
    header = _read(source, HEADER.size)
    if header is None:
        return None
    (length,) = HEADER.unpack(header)
    return _read(source, length)


def _read(source: socket, count: int) -> bytes | None:
    content = source.recv(count)
    if len(content) == count:
        return content
    gathered = bytearray(content)
    while content and len(gathered) < count:
        content = source.recv(min(count - len(gathered), CHUNK))
        gathered += content
    return bytes(gathered) if len(gathered) == count and count else None
