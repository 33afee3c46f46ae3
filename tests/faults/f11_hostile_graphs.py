"""Hostile documents over HTTP: each is refused with its place or runs, quickly, and nobody else waits for it."""

from __future__ import annotations

import json
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx2

from tests.faults.figures import Figures, spread
from tests.faults.processes import BOUND, ROOT, serving

MOST_SECONDS = 2.0
GROWTH_BYTES = 300 * 2**20
BLOCKED_SECONDS = 0.1
Make = Callable[[], bytes]


def run(folder: Path, is_long: bool) -> Figures:
    """Send each document to be checked and to be run, while somebody else asks for signs of life.

    Those that can run are sent to be run at the end, one right after the other.
    """
    size = 100_000 if is_long else 20_000
    with serving(folder / "store") as (server, client):
        client.list("health")
        before = server.rss_bytes
        with _signs_of_life(server.address) as waits, httpx2.Client(base_url=server.address, timeout=BOUND) as http:
            sender = _Sender(http)
            runnable: dict[str, Make] = {}
            for name, make in _documents(size):
                content = make()
                status, reply = sender.send(f"{name} to check", "check", content)
                if status == 200 and not reply["faults"]:
                    runnable[name] = make
                else:
                    assert sender.send(f"{name} to runs", "runs", content)[0] >= 400, name
            growth, answers = server.peak_bytes - before, list(sender.seconds.values())
            # What they take beyond this, all of them under way at once, is what runs take.
            runs = {name: sender.send(f"{name} to runs", "runs", make())[1]["id"] for name, make in runnable.items()}
            ends = {name: client.wait(str(run)) for name, run in runs.items()}
            assert all(view.state == "succeeded" for view in ends.values()), ends
            grown = server.peak_bytes - before
    if is_long:
        assert max(answers) < MOST_SECONDS, sender.seconds
        assert max(waits) < BLOCKED_SECONDS, max(waits)
    assert growth < GROWTH_BYTES, growth
    accepted = list(sender.seconds.values())[len(answers) :]
    return {
        "documents that were checked, and refused where they cannot run": f"{len(answers)}",
        "answer": spread(answers, "ms"),
        "memory of the server meanwhile": f"{growth / 2**20:+.0f} MiB",
        f"the {len(runs)} that can run, two of them of {size:,} nodes, accepted one after the other in": spread(
            accepted, "s"
        ),
        "memory of the server with all of them under way": f"{grown / 2**20:+.0f} MiB",
        "a sign of life, all the time": spread(waits, "ms"),
    }


class _Sender:
    """Sends documents, and notes how long each answer took."""

    def __init__(self, http: httpx2.Client) -> None:
        self.http = http
        self.seconds: dict[str, float] = {}

    def send(self, name: str, path: str, content: bytes) -> tuple[int, Mapping[str, object]]:
        """Status and content of the answer, which is one of the server's own."""
        begun = time.monotonic()
        reply = self.http.post(f"/api/v1/{path}", content=content, headers={"Content-Type": "application/json"})
        self.seconds[name] = time.monotonic() - begun
        assert reply.status_code < 500, (name, reply.status_code)
        return reply.status_code, reply.json()


def _asked(graph: object) -> bytes:
    return json.dumps({"graph": graph}).encode()


def _graph(nodes: object, results: object = None) -> dict[str, object]:
    return {"format": 1, "nodes": nodes, "results": results or {}}


def _keys(count: int) -> bytes:
    return _asked({str(number): number for number in range(count)})


def _wires(count: int) -> bytes:
    """Nodes with inputs that there are not: as many as a body may hold, or more."""
    inputs = {f"i{number}": {"wire": "n0.value"} for number in range(100_000)}
    nodes = {f"n{number}": {"type": "f/light", "inputs": inputs} for number in range(count // len(inputs))}
    return _asked(_graph(nodes, {"r": "n0.value"}))


def _documents(size: int) -> Iterator[tuple[str, Callable[[], bytes]]]:
    def node(**inputs: object) -> dict[str, object]:
        return {"type": "f/light", "inputs": {"x": 1, "by": 1} | inputs}

    def chain() -> object:
        nodes = {f"n{i}": node(x={"wire": f"n{i - 1}.value"}) if i else node() for i in range(size)}
        return _graph(nodes, {"r": f"n{size - 1}.value"})

    def ladder() -> object:
        nodes: dict[str, object] = {"n0": node(x=0, by=0)}
        for i in range(60):
            nodes[f"n{i + 1}"] = node(x={"wire": f"n{i}.value"}, by={"wire": f"n{i}.value"})
        return _graph(nodes, {"r": "n60.value"})

    deep = 5000
    one = {"a": node()}
    circle = {"a": node(x={"wire": "b.value"}), "b": node(x={"wire": "a.value"})}
    beside = {f"n{number}": node() for number in range(size)}
    wrong = {"type": "f/light", "inputs": {"x": [], "z": 1}}
    yield "a cycle", lambda: _asked(_graph(circle, {"r": "a.value"}))
    yield "a node wired to itself", lambda: _asked(_graph({"a": node(x={"wire": "a.value"})}, {"r": "a.value"}))
    yield (
        f"{size:,} nodes side by side",
        lambda: _asked(_graph(beside, {f"r{number}": f"n{number}.value" for number in range(size)})),
    )
    yield f"a chain of {size:,}", lambda: _asked(chain())
    yield "a ladder of 60 diamonds", lambda: _asked(ladder())
    yield "nesting 5,000 deep", lambda: b'{"graph": ' + b"[" * deep + b"]" * deep + b"}"
    yield "nesting 100,000 deep", lambda: b"[" * 100_000
    for word in (b"NaN", b"Infinity", b"1e999", b"-0.0", b"9223372036854775808", b"1" * 5000):
        text = json.dumps({"graph": _graph({"a": node(x="WORD")}, {"r": "a.value"})}).encode()
        yield f"the number {word[:20].decode()}", lambda text=text, word=word: text.replace(b'"WORD"', word)  # type: ignore[misc]
    yield "a key twice", lambda: b'{"graph": {"format": 1, "format": 1, "nodes": {}}}'
    for count in (400_000, 2_000_000):
        yield f"{count:,} wires", partial(_wires, count)
    yield "a text of 100 MB", lambda: _asked(_graph({"a": node(x="x" * 100_000_000)}, {"r": "a.value"}))
    yield "half a surrogate pair", lambda: b'{"graph": {"format": 1, "title": "\\ud800", "nodes": {}}}'
    yield "an unknown node", lambda: _asked(_graph({"a": {"type": "no/such"}}, {"r": "a.value"}))
    yield (
        "missing, further and wrong inputs",
        lambda: _asked(_graph({"a": wrong}, {"r": "a.value"})),
    )
    yield "a wire from nowhere", lambda: _asked(_graph({"a": node(x={"wire": "nobody.value"})}, {"r": "a.value"}))
    for name in ("__proto__", "constructor", "__class__", "toString"):
        yield f"a node named {name}", lambda name=name: _asked(_graph({name: node()}, {"r": f"{name}.value"}))  # type: ignore[misc]
    for count in (400_000, 1_000_000):
        yield f"an object with {count:,} keys", partial(_keys, count)
    yield "no JSON", lambda: b"\xff\xfe{"
    yield "nothing", lambda: b""
    yield "a graph that can run", lambda: _asked(_graph(one, {"r": "a.value"}))


@contextmanager
def _signs_of_life(address: str) -> Iterator[list[float]]:
    """A process that asks for signs of life; the seconds that each took are in the list at the end."""
    waits: list[float] = []
    asking = [sys.executable, "-m", "tests.faults.f11_hostile_graphs", address]
    process = subprocess.Popen(asking, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield waits
        said, _ = process.communicate(timeout=BOUND)
        waits += json.loads(said)
    finally:
        process.kill()
        process.wait(BOUND)


def _ask_until_told(address: str) -> None:
    """Ask every 10 ms until standard input ends; print how long each answer took."""
    waits: list[float] = []
    with httpx2.Client(base_url=address, timeout=BOUND) as http:
        while not select.select([sys.stdin], [], [], 0.01)[0]:
            begun = time.monotonic()
            assert http.get("/api/v1/health").status_code == 200
            waits.append(time.monotonic() - begun)
    print(json.dumps(waits))


if __name__ == "__main__":
    _ask_until_told(sys.argv[1])
