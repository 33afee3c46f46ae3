"""Hostile documents over HTTP: each is refused with its place or runs, quickly, and nobody else waits for it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2

from tests.faults.figures import Figures, spread
from tests.faults.processes import Serving, serving

MOST_SECONDS = 2.0
GROWTH_BYTES = 300 * 2**20
BLOCKED_SECONDS = 0.1


def run(folder: Path, is_long: bool) -> Figures:
    """Send each document to be checked and to be run, while others ask for a sign of life."""
    size = 100_000 if is_long else 20_000
    with serving(folder / "store") as (server, client):
        client.list("health")
        before = server.rss_bytes
        watch = _Watch(server)
        answers: dict[str, tuple[int, float]] = {}
        with httpx2.Client(base_url=server.address, timeout=60.0) as http:
            for name, make in _documents(size):
                content = make()
                for path in ("check", "runs"):
                    begun = time.monotonic()
                    reply = http.post(f"/api/v1/{path}", content=content, headers={"Content-Type": "application/json"})
                    answers[f"{name} to {path}"] = (reply.status_code, time.monotonic() - begun)
        waits = watch.end()
        growth = server.rss_bytes - before
    bad = {name: status for name, (status, _) in answers.items() if status >= 500}
    assert not bad, bad
    slow = {name: seconds for name, (_, seconds) in answers.items() if seconds > MOST_SECONDS}
    assert not slow or not is_long, slow
    assert growth < GROWTH_BYTES, growth
    return {
        "documents": f"{len(answers)}",
        "answer": spread([seconds for _, seconds in answers.values()], "ms"),
        "a sign of life meanwhile": spread(waits, "ms"),
        "memory of the server": f"{growth / 2**20:+.0f} MiB",
    }


def _asked(graph: object) -> bytes:
    return json.dumps({"graph": graph}).encode()


def _graph(nodes: object, results: object = None) -> dict[str, object]:
    return {"format": 1, "nodes": nodes, "results": results or {}}


def _documents(size: int) -> Iterator[tuple[str, Callable[[], bytes]]]:
    def node(**inputs: object) -> dict[str, object]:
        return {"type": "f/light", "inputs": {"x": 1, "by": 1} | inputs}

    def chain() -> object:
        nodes = {f"n{i}": node(x={"wire": f"n{i - 1}.value"}) if i else node() for i in range(size)}
        return _graph(nodes, {"r": f"n{size - 1}.value"})

    def ladder() -> object:
        nodes: dict[str, object] = {"n0": node()}
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
        lambda: _asked(_graph(beside, {"r": "n0.value"})),
    )
    yield f"a chain of {size:,}", lambda: _asked(chain())
    yield "a ladder of 60 diamonds", lambda: _asked(ladder())
    yield "nesting 5,000 deep", lambda: b'{"graph": ' + b"[" * deep + b"]" * deep + b"}"
    yield "nesting 100,000 deep", lambda: b"[" * 100_000
    for word in (b"NaN", b"Infinity", b"1e999", b"-0.0", b"9223372036854775808", b"1" * 5000):
        text = json.dumps({"graph": _graph({"a": node(x="WORD")}, {"r": "a.value"})}).encode()
        yield f"the number {word[:20].decode()}", lambda text=text, word=word: text.replace(b'"WORD"', word)  # type: ignore[misc]
    yield "a key twice", lambda: b'{"graph": {"format": 1, "format": 1, "nodes": {}}}'
    yield "a text of 50 MB", lambda: _asked(_graph({"a": node(x="x" * 50_000_000)}, {"r": "a.value"}))
    yield "half a surrogate pair", lambda: b'{"graph": {"format": 1, "title": "\\ud800", "nodes": {}}}'
    yield "an unknown node", lambda: _asked(_graph({"a": {"type": "no/such"}}, {"r": "a.value"}))
    yield (
        "missing, further and wrong inputs",
        lambda: _asked(_graph({"a": wrong}, {"r": "a.value"})),
    )
    yield "a wire from nowhere", lambda: _asked(_graph({"a": node(x={"wire": "nobody.value"})}, {"r": "a.value"}))
    for name in ("__proto__", "constructor", "__class__", "toString"):
        yield f"a node named {name}", lambda name=name: _asked(_graph({name: node()}, {"r": f"{name}.value"}))  # type: ignore[misc]
    yield "an object with a million keys", lambda: _asked({str(i): i for i in range(1_000_000)})
    yield "no JSON", lambda: b"\xff\xfe{"
    yield "nothing", lambda: b""
    yield "a graph that can run", lambda: _asked(_graph(one, {"r": "a.value"}))


class _Watch:
    """Asks for a sign of life again and again, and notes how long each took."""

    def __init__(self, server: Serving) -> None:
        self.waits: list[float] = []
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._ask, args=(server.address,))
        self._thread.start()

    def _ask(self, address: str) -> None:
        with httpx2.Client(base_url=address, timeout=60.0) as http:
            while not self._done.wait(0.01):
                begun = time.monotonic()
                assert http.get("/api/v1/health").status_code == 200
                self.waits.append(time.monotonic() - begun)

    def end(self) -> list[float]:
        """The seconds that each sign of life took."""
        self._done.set()
        self._thread.join()
        return self.waits
