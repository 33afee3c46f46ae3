"""A server process: uvicorn's loop on this thread, over a socket that is bound already."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Final

import uvicorn
from fastapi import FastAPI

from diorama.faults import failure
from diorama.server.app import Application
from diorama.server.options import ServerOptions
from diorama.server.security.binding import check_binding
from diorama.server.security.hosts import is_loopback
from diorama.server.sockets import PING_SECONDS, SILENT_SECONDS, Connection, EventSocket

MESSAGE_BYTES: Final = 64 * 1024
"""Size of one message of a client's on a WebSocket."""


def bound_socket(host: str, port: int) -> socket.socket:
    """A listening socket; raises `DioramaError` (C001) where the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, so that every event loop sends small answers at once instead of waiting to fill a packet.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(1024)
    except (OSError, OverflowError) as error:
        listening.close()
        raise failure("C001", f"{host}:{port}", f"cannot listen there: {error}") from error
    listening.set_inheritable(False)
    return listening


def address_of(listening: socket.socket) -> str:
    """The address of a server as people and programs write it."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Server(uvicorn.Server):
    """A uvicorn server that tells when it takes requests."""

    def __init__(self, app: Application, options: ServerOptions, when_ready: Callable[[], None] = lambda: None) -> None:
        super().__init__(_config(app, options))
        self.app = app
        self.when_ready = when_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, then tell."""
        self.app.open()
        await super().startup(sockets)
        if self.started:
            self.when_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let streams and open requests end, then what the app has of its own."""
        self.app.state.service.hub.close()
        await super().shutdown(sockets)
        await asyncio.to_thread(self.app.close)


def _config(app: FastAPI, options: ServerOptions) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="auto",
        http=Connection,
        ws=EventSocket,
        ws_max_size=MESSAGE_BYTES,
        ws_per_message_deflate=False,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=SILENT_SECONDS,
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=65,
        timeout_graceful_shutdown=int(options.grace_seconds) or 1,
        backlog=1024,
    )


def serve(
    app: Application, options: ServerOptions, listening: socket.socket, when_ready: Callable[[], None] = lambda: None
) -> None:
    """Serve until a signal comes or the server is told to stop; open requests get `grace_seconds` to end.

    Raises `DioramaError` (A007) where the socket is bound wider than the guards of the app were told.
    """
    check_binding(listening.getsockname()[0], lambda: not is_loopback(options.host))
    Server(app, options, when_ready).run(sockets=[listening])
