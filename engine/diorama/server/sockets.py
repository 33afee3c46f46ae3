"""Connections at the level of bytes: little is under way to each client, and who falls silent is dropped."""

from __future__ import annotations

import socket
from asyncio.transports import BaseTransport
from typing import Final

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

PING_SECONDS: Final = 2.0
SILENT_SECONDS: Final = 4.0
"""A client from which nothing is heard so long after a ping is dropped: within twice this of its last word."""
SEND_BUFFER: Final = 64 * 1024
"""Bytes that the system may hold for a client; what it has not read beyond them waits in its subscription."""
CUT: Final = "diorama.cut"
"""Where a request's scope holds what cuts its connection."""


class EventSocket(WebSocketsSansIOProtocol):
    """A connection of a client that listens."""

    heard = 0.0

    def connection_made(self, transport: BaseTransport) -> None:
        """Bound what is under way, so that a slow reader is noticed while little of it is."""
        super().connection_made(transport)
        self.heard = self.loop.time()
        self.transport.set_write_buffer_limits(high=SEND_BUFFER)
        connection = transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)

    def data_received(self, data: bytes) -> None:
        """Take any bytes of the client's for a sign of life."""
        self.heard = self.loop.time()
        super().data_received(data)

    def keepalive_timeout(self) -> None:
        """Ping again where something else was heard meanwhile; else cut the line, as nothing can be said on it."""
        self.pong_timer = None
        self.pending_ping_payload = None
        if self.close_sent or self.transport.is_closing():
            return
        if self.loop.time() - self.heard < SILENT_SECONDS:
            self.send_keepalive_ping()
        else:
            self.transport.abort()


class Connection(HttpToolsProtocol):
    """A connection of HTTP that a handler can cut: what cannot be said to a client that takes nothing."""

    def on_message_begin(self) -> None:
        """Let each request's scope lead to its transport."""
        super().on_message_begin()
        self.scope["extensions"] = {CUT: {"abort": self.transport.abort}}


def cut(scope: Scope) -> None:
    """Cut the connection of a request at once, whatever is still to be sent on it."""
    abort = scope.get("extensions", {}).get(CUT, {}).get("abort")
    if abort is not None:
        abort()
