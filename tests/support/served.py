"""A server over a real socket, in a thread of the test's process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from diorama.server.app import create_app
from diorama.server.options import ServerOptions
from diorama.server.serve import Server, address_of, bound_socket
from diorama.server.served import Served

WAIT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that runs, and a client for it."""

    address: str
    client: httpx.Client


@contextmanager
def serving(service: Served, options: ServerOptions | None = None) -> Iterator[Serving]:
    """Serve on a free port of the loopback for the length of a block."""
    chosen = options or ServerOptions(port=0)
    listening = bound_socket("127.0.0.1", 0)
    ready = threading.Event()
    server = Server(create_app(service, chosen), chosen, ready.set)
    thread = threading.Thread(target=lambda: server.run(sockets=[listening]), name="server")
    thread.start()
    try:
        assert ready.wait(WAIT_SECONDS), "the server did not start"
        address = address_of(listening)
        with httpx.Client(base_url=address, timeout=WAIT_SECONDS) as client:
            yield Serving(address, client)
    finally:
        server.should_exit = True
        thread.join(WAIT_SECONDS)
        listening.close()
    assert not thread.is_alive(), "the server did not stop"
