"""100 listeners on one run: one silent, one that reads a kilobyte a second, one that comes again and again."""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import closing
from pathlib import Path

import orjson
from websockets.asyncio.client import connect

from diorama import Client
from diorama.graph import Constant, Graph, GraphNode, Wire
from tests.faults.figures import Figures, percentile, spread
from tests.faults.processes import Serving, serving

STEADY = 97
SILENT_SECONDS = 12.0
GROWTH_BYTES = 50 * 2**20


def run(folder: Path, is_long: bool) -> Figures:
    """Every steady listener hears every event in order and at once, whatever the three others do."""
    rows = 400 if is_long else 100
    with serving(folder / "store") as (server, client):
        client.run(_row(0, 4))
        before = server.rss_bytes
        heard = asyncio.run(_listen(server, client, _row(10_000, rows)))
        growth = server.rss_bytes - before
    assert growth < GROWTH_BYTES, growth
    return {
        "events heard by 97 listeners": f"{heard.events:,} each",
        "from the event to the listener": spread(heard.delays, "ms"),
        "the silent one was dropped after": f"{heard.dropped:.1f} s",
        "one that reconnects every 100 ms": f"came {heard.returns} times, no gap, nothing twice",
        "memory of the server": f"{growth / 2**20:+.0f} MiB",
    }


class Heard:
    """What the listeners found."""

    def __init__(self) -> None:
        self.events = 0
        self.delays: list[float] = []
        self.dropped = 0.0
        self.returns = 0


def _row(base: int, count: int) -> Graph:
    nodes = {
        f"n{number}": GraphNode(
            "f/heavy", {"x": Constant(base + number), "by": Constant(0), "milliseconds": Constant(5)}
        )
        for number in range(count)
    }
    return Graph(nodes, {"out": Wire(f"n{count - 1}", "value")} | {n: Wire(n, "value") for n in nodes}, title="row")


async def _listen(server: Serving, client: Client, graph: Graph) -> Heard:
    heard = Heard()
    client.pause_queue()
    run = client.submit(graph).id
    ready = asyncio.Semaphore(0)
    steady = [asyncio.create_task(_steady(server, run, ready, heard)) for _ in range(STEADY)]
    coming = asyncio.create_task(_coming(server, run, heard))
    silent = asyncio.create_task(asyncio.to_thread(_silent, server, run))
    slow = asyncio.create_task(_slow(server, run))
    for _ in range(STEADY):
        await ready.acquire()
    await asyncio.to_thread(client.resume_queue)
    numbers = await asyncio.wait_for(asyncio.gather(*steady), 120.0)
    assert all(one == numbers[0] for one in numbers), "listeners heard different events"
    assert numbers[0] == list(range(1, len(numbers[0]) + 1)), "events are missing or out of order"
    heard.events = len(numbers[0])
    assert await asyncio.wait_for(coming, 60.0) == numbers[0], "the one that comes again missed or repeated something"
    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)
    heard.dropped = await asyncio.wait_for(silent, 60.0)
    assert heard.dropped <= SILENT_SECONDS, heard.dropped
    assert percentile(heard.delays, 0.99) < 2.0, spread(heard.delays, "ms")
    return heard


def _hello(run: str, since: int = 0) -> str:
    return orjson.dumps({"kind": "subscribe", "topic": f"run:{run}", "since": since}).decode()


def _address(server: Serving) -> str:
    return f"ws{server.address.removeprefix('http')}/api/v1/events"


async def _steady(server: Serving, run: str, ready: asyncio.Semaphore, heard: Heard) -> list[int]:
    numbers: list[int] = []
    async with connect(_address(server), compression=None, max_queue=1024) as line:
        await line.send(_hello(run))
        await line.recv()
        ready.release()
        while True:
            now_heard = orjson.loads(await line.recv()).get("events", [])
            now = time.time()
            for event in now_heard:
                if "seq" not in event:
                    continue
                numbers.append(event["seq"])
                if event["seq"] > 1:
                    heard.delays.append(now - event["at"])
                if event["kind"] == "run_ended":
                    return numbers


async def _coming(server: Serving, run: str, heard: Heard) -> list[int]:
    """Come again every 100 ms, each time asking for what came after the last event."""
    numbers: list[int] = []
    while True:
        heard.returns += 1
        async with connect(_address(server), compression=None) as line:
            await line.send(_hello(run, numbers[-1] if numbers else 0))
            end = time.monotonic() + 0.1
            while (left := end - time.monotonic()) > 0:
                try:
                    message = orjson.loads(await asyncio.wait_for(line.recv(), left))
                except TimeoutError:
                    break
                for event in message.get("events", []):
                    if "seq" in event:
                        numbers.append(event["seq"])
                    if event["kind"] == "run_ended":
                        return numbers


def _silent(server: Serving, run: str) -> float:
    """Subscribe, then neither read nor answer; gives the seconds until the server hangs up."""
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(
            b"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n" % server.port
        )
        line.settimeout(30.0)
        assert b"101" in line.recv(1024)
        line.sendall(_masked(_hello(run).encode()))
        begun = time.monotonic()
        # Pings are read and thrown away unanswered: whoever does not even read cannot tell when it was dropped.
        while line.recv(65536):
            pass
        return time.monotonic() - begun


def _masked(text: bytes) -> bytes:
    """A text frame of RFC 6455 with a mask of zeros, shorter than 126 bytes."""
    assert len(text) < 126
    return bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text


async def _slow(server: Serving, run: str) -> None:
    """Read a kilobyte a second."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=1024)
    writer.write(
        b"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n" % server.port
    )
    writer.write(_masked(_hello(run).encode()))
    with closing(writer):
        while await reader.read(1024):
            await asyncio.sleep(1.0)
