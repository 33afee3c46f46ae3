"""Clients that cost next to nothing, so that what is measured is the server: HTTP and WebSocket over bare sockets."""

from __future__ import annotations

import base64
import os
import socket
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

WAIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Mapping[bytes, bytes]
    body: bytes

    def json(self) -> Any:
        """The body as JSON; fails where the server refused."""
        assert self.status < 400, self.body[:500]
        return orjson.loads(self.body)


class Line:
    """A connection that is kept open, for one request after the other."""

    def __init__(self, port: int) -> None:
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=WAIT_SECONDS)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._host = f"127.0.0.1:{port}".encode()
        self._left = b""

    def ask(self, method: str, path: str, body: bytes = b"") -> Answer:
        """Send a request and read the answer."""
        self.send(method, path, body)
        return self.answer()

    def send(self, method: str, path: str, body: bytes = b"") -> None:
        """Send a request."""
        head = b"%b %b HTTP/1.1\r\nHost: %b\r\n" % (method.encode(), path.encode(), self._host)
        if body:
            head += b"Content-Type: application/json\r\nContent-Length: %d\r\n" % len(body)
        self.connection.sendall(head + b"\r\n" + body)

    def answer(self) -> Answer:
        """Read the answer to the request that was sent last."""
        while (end := self._left.find(b"\r\n\r\n")) < 0:
            self._left += self._more()
        first, *lines = self._left[:end].split(b"\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
        size = int(headers.get(b"content-length", b"0"))
        rest = self._left[end + 4 :]
        while len(rest) < size:
            rest += self._more()
        self._left = rest[size:]
        return Answer(int(first.split(b" ", 2)[1]), headers, rest[:size])

    def _more(self) -> bytes:
        part = self.connection.recv(1 << 16)
        assert part, "the server closed the connection"
        return part

    def close(self) -> None:
        """Hang up."""
        self.connection.close()


class Ear:
    """A WebSocket that listens to events."""

    def __init__(self, port: int, path: str = "/api/v1/events") -> None:
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=WAIT_SECONDS)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16)).decode()
        self.connection.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self._left = b""
        while b"\r\n\r\n" not in self._left:
            self._left += self._more()
        head, _, self._left = self._left.partition(b"\r\n\r\n")
        assert b" 101 " in head.split(b"\r\n")[0], head

    def say(self, document: object) -> None:
        """Send a message."""
        self._send(0x81, orjson.dumps(document))

    def _send(self, kind: int, content: bytes) -> None:
        # A mask of zeros: the protocol wants one, and it changes nothing.
        size = len(content)
        head = struct.pack("!BB", kind, 0x80 | size) if size < 126 else struct.pack("!BBH", kind, 0xFE, size)
        self.connection.sendall(head + b"\0\0\0\0" + content)

    def hear(self) -> bytes:
        """The next message; pings are answered on the way."""
        while True:
            for message in self.heard():
                return message
            self._left += self._more()

    def heard(self) -> Iterator[bytes]:
        """The messages that are there already."""
        while (frame := self._frame()) is not None:
            kind, content = frame
            if kind == 1:
                yield content
            elif kind == 9:
                self._send(0x8A, content)
            assert kind != 8, f"the server closed the connection: {content!r}"

    def events(self) -> list[dict[str, Any]]:
        """The events of the next message that holds some."""
        while True:
            found = events_in(self.hear())
            if found:
                return found

    def take(self) -> list[dict[str, Any]]:
        """The events of all that has come in, after the connection was found readable."""
        self._left += self._more()
        return [event for message in self.heard() for event in events_in(message)]

    def _frame(self) -> tuple[int, bytes] | None:
        there = self._left
        if len(there) < 2:
            return None
        size, start = there[1] & 0x7F, 2
        if size == 126:
            size, start = int.from_bytes(there[2:4]), 4
        elif size == 127:
            size, start = int.from_bytes(there[2:10]), 10
        if len(there) < start + size:
            return None
        self._left = there[start + size :]
        return there[0] & 0x0F, there[start : start + size]

    def _more(self) -> bytes:
        part = self.connection.recv(1 << 18)
        assert part, "the server closed the connection"
        return part

    def close(self) -> None:
        """Hang up."""
        self.connection.close()


def events_in(message: bytes) -> list[dict[str, Any]]:
    """The events of a message; none in one that says something else."""
    told: dict[str, Any] = orjson.loads(message)
    assert told.get("kind") != "refused", told
    found: list[dict[str, Any]] = told.get("events", [])
    return found
