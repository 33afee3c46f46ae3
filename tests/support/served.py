"""A server over a real socket, in a thread of the test's process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import orjson
from opentelemetry.trace import Tracer
from websockets.sync.client import ClientConnection, connect

from diorama.graph import Graph
from diorama.run.service import Service
from diorama.server.app import Application, create_app
from diorama.server.options import ServerOptions
from diorama.server.serve import Server, address_of, bound_socket

WAIT_SECONDS = 20.0
Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ear:
    """A WebSocket that hears events."""

    connection: ClientConnection

    def say(self, **message: object) -> None:
        """Send a message."""
        self.connection.send(orjson.dumps(message).decode())

    def hear(self) -> Told:
        """The next message."""
        told: Told = orjson.loads(self.connection.recv(WAIT_SECONDS))
        return told

    def events(self, until: Callable[[Told], bool]) -> list[Told]:
        """Events up to the first for which `until` holds."""
        heard: list[Told] = []
        while not (heard and until(heard[-1])):
            for event in self.hear().get("events", ()):
                heard.append(event)
                if until(event):
                    break
        return heard

    def run(self, run: str, since: int = 0) -> list[Told]:
        """All that a run tells after an event's number, to its end."""
        self.say(kind="subscribe", topic=f"run:{run}", since=since)
        return self.events(lambda event: event["kind"] == "run_ended")


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that runs, and a client for it."""

    address: str
    service: Service
    app: Application
    client: httpx2.Client

    @contextmanager
    def ear(self) -> Iterator[Ear]:
        """Listen for the length of a block."""
        address = f"{self.address.replace('http', 'ws', 1)}/api/v1/events"
        with connect(address, compression=None, close_timeout=1.0) as connection:
            yield Ear(connection)

    def submit(self, graph: Graph, **asked: object) -> Told:
        """Submit a run; gives it as it was accepted."""
        reply = self.client.post("/api/v1/runs", json={"graph": graph.document(), **asked})
        assert reply.status_code in (200, 201), reply.text
        run: Told = reply.json()
        return run

    def submit_raw(self, graph: Told) -> Told:
        """Submit a document as it is and wait for the run's end; gives it as it ended."""
        reply = self.client.post("/api/v1/runs", json={"graph": graph})
        assert reply.status_code == 201, reply.text
        with self.ear() as ear:
            ear.run(reply.json()["id"])
        run: Told = self.client.get(f"/api/v1/runs/{reply.json()['id']}").json()
        return run

    def ended(self, graph: Graph, **asked: object) -> Told:
        """Submit a run and wait for its end; gives it as it ended."""
        name = self.submit(graph, **asked)["id"]
        with self.ear() as ear:
            ear.run(name)
        run: Told = self.client.get(f"/api/v1/runs/{name}").json()
        return run


@contextmanager
def serving(
    service: Service, options: ServerOptions | None = None, port: int = 0, tracer: Tracer | None = None
) -> Iterator[Serving]:
    """Serve on a port of the loopback, 0 for a free one, for the length of a block."""
    chosen = options or ServerOptions(port=0)
    listening = bound_socket("127.0.0.1", port)
    ready = threading.Event()
    app = create_app(service, chosen)
    if tracer is not None:
        app.trace_to(tracer)
    server = Server(app, chosen, ready.set)
    thread = threading.Thread(target=lambda: server.run(sockets=[listening]), name="server")
    thread.start()
    try:
        assert ready.wait(WAIT_SECONDS), "the server did not start"
        address = address_of(listening)
        with httpx2.Client(base_url=address, timeout=WAIT_SECONDS) as client:
            yield Serving(address, service, app, client)
    finally:
        server.should_exit = True
        thread.join(WAIT_SECONDS)
        listening.close()
    assert not thread.is_alive(), "the server did not stop"
