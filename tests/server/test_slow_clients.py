"""Clients that do not listen: none slows a run or another client, and who falls silent is dropped."""

from __future__ import annotations

import asyncio
import base64
import os
import socket

import pytest
from starlette.types import Message
from tests.support.served import Serving
from tests.support.service_nodes import graph_of

from diorama.graph import Constant, Graph, GraphNode, Wire
from diorama.server import event_stream
from diorama.server.event_stream import STUCK_SECONDS, EventStream
from diorama.server.sockets import CUT, SILENT_SECONDS

DROPPED_SECONDS = 10.0
"""Within this a client that says nothing is dropped."""


def deaf(served: Serving) -> socket.socket:
    """A WebSocket whose client reads no more once it is open, and answers no ping."""
    host, port = served.address.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), timeout=DROPPED_SECONDS + 5)
    key = base64.b64encode(os.urandom(16)).decode()
    connection.sendall(
        f"GET /api/v1/events HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    assert b" 101 " in connection.recv(4096)
    return connection


def subscribe(connection: socket.socket, topic: str) -> None:
    content = b'{"kind":"subscribe","topic":"%b"}' % topic.encode()
    connection.sendall(bytes([0x81, 0x80 | len(content)]) + b"\0\0\0\0" + content)


def chain(count: int) -> Graph:
    """Rows of 40 nodes: the numbers in them stay small enough."""
    nodes: dict[str, GraphNode] = {}
    for number in range(count):
        before = Wire(f"n{number - 1}", "value") if number % 40 else Constant(number)
        nodes[f"n{number}"] = GraphNode("t/doubled", {"x": before})
    return Graph(nodes, {f"n{number}": Wire(f"n{number}", "value") for number in range(39, count, 40)})


def test_a_silent_client_is_dropped_and_the_others_hear_on(served: Serving) -> None:
    with deaf(served) as silent, served.ear() as ear:
        ended = False
        while not ended:
            # Pings come, and are not answered.
            ended = not silent.recv(4096)
        told = ear.run(served.submit(graph_of("doubled", x=7001))["id"])
    assert told[-1]["state"] == "succeeded"
    assert 2 * SILENT_SECONDS < DROPPED_SECONDS


def test_a_client_that_reads_nothing_holds_up_neither_a_run_nor_another_client(served: Serving) -> None:
    with deaf(served) as stuck, served.ear() as ear:
        run = served.submit(chain(8_000))["id"]
        subscribe(stuck, f"run:{run}")
        told = ear.run(run)
    seqs = [event["seq"] for event in told if "seq" in event]
    assert told[-1]["state"] == "succeeded"
    assert seqs == list(range(1, len(seqs) + 1))
    assert len(seqs) > 8_000


def test_a_reader_of_server_sent_events_that_takes_nothing_is_cut_off_and_leaves_nothing_behind(
    served: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "STUCK_SECONDS", 0.02)
    monkeypatch.setattr(event_stream, "BEAT_SECONDS", 0.01)
    cuts: list[str] = []
    sent: list[str] = []

    async def listen() -> None:
        never = asyncio.Event()

        async def send(message: Message) -> None:
            sent.append(message["type"])
            if message["type"] == "http.response.body":
                await never.wait()

        async def receive() -> Message:
            await never.wait()
            raise AssertionError("nobody leaves")

        scope = {"type": "http", "extensions": {CUT: {"abort": lambda: cuts.append("cut")}}}
        async with asyncio.timeout(DROPPED_SECONDS + 5):
            await EventStream(served.service.hub, ["queue"], {})(scope, receive, send)

    asyncio.run(listen())
    assert cuts == ["cut"]
    assert sent == ["http.response.start", "http.response.body"], "nothing was sent after it was cut"
    assert STUCK_SECONDS <= DROPPED_SECONDS
    with served.ear() as ear:
        assert ear.run(served.submit(graph_of("doubled", x=7002))["id"])[-1]["state"] == "succeeded"
