"""The server's own cost: answers, runs and events over bare sockets, against a server process."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import orjson

from diorama.graph import Constant, Graph, GraphNode, Wire
from tests.bench.crowd import asked_by_many, heard_by_many, in_turn
from tests.bench.measure import Figure, folder, quantile
from tests.bench.served import bench_server
from tests.bench.synthetic import chain
from tests.bench.wire import Ear, Line

CLIENTS = 20
SECONDS = 8.0
READ_PAUSE = 0.1
SUBMIT_PAUSE = 1.0
"""Between an answer and the next request of one client: 200 reads a second by all of them, or 20 graphs of 100 nodes,
each of which is run."""
RUNS = 500
STARTS = itertools.count(1, 1_000_000)
"""Numbers that no run began with before, so that each is cold."""


def figures() -> Iterator[Figure]:
    """Every figure of the server."""
    yield _idle_memory()
    with folder() as path, bench_server(path / "store") as (port, _):
        yield from _single_runs(port)
        yield _sustained_runs(port)
        yield from _answers(port)
        yield from _progress(port)
        yield from _many_events(port)
        yield from _full_queue(port)


def _small_run() -> bytes:
    return orjson.dumps({"graph": chain(3, next(STARTS))[0].document()})


def _submitted(line: Line, body: bytes) -> str:
    run: str = line.ask("POST", "/api/v1/runs", body).json()["id"]
    return run


def _single_runs(port: int) -> Iterator[Figure]:
    line, ear = Line(port), _ear_of(port, "queue")
    told: list[float] = []
    fetched: list[float] = []
    for number in range(RUNS + 100):
        body = _small_run()
        begun = time.perf_counter()
        run = _submitted(line, body)
        end = _end_of(run, ear)
        assert isinstance(end["values"]["out"], int)
        over = time.perf_counter()
        results = line.ask("GET", f"/api/v1/runs/{run}/results").json()["results"]
        assert results["out"]["value"] == end["values"]["out"]
        if number >= 100:
            told.append(over - begun)
            fetched.append(time.perf_counter() - begun)
    note = f"95 % within {quantile(told, 0.95) * 1e3:.1f} ms"
    yield Figure("run of 3 nodes, from submit to its result over WebSocket", quantile(told) * 1e3, "ms", 3, note)
    yield Figure("and fetched once more over HTTP", quantile(fetched) * 1e3, "ms")


def _end_of(run: str, ear: Ear) -> dict[str, Any]:
    """The event that tells the end of a run."""
    while True:
        for event in ear.events():
            if event["kind"] == "run_ended" and event["run"] == run:
                return event


def _sustained_runs(port: int) -> Figure:
    """Runs of one client that has several under way at a time."""
    count, at_once = 2000, 8
    lines, ear = [Line(port) for _ in range(at_once)], _ear_of(port, "queue")
    bodies = [_small_run() for _ in range(count)]
    begun = time.perf_counter()
    ended = submitted = 0
    while ended < count:
        while submitted < count and submitted - ended < 4 * at_once:
            burst = lines[: min(at_once, count - submitted)]
            for line in burst:
                line.send("POST", "/api/v1/runs", bodies[submitted])
                submitted += 1
            for line in burst:
                line.answer().json()
        ended += sum(event["kind"] == "run_ended" for event in ear.events())
    rate = count / (time.perf_counter() - begun)
    note = f"{rate:.0f} a second"
    return Figure("runs of 3 nodes, sustained from one client", 1000 / rate, "ms a run", 1000 / 300, note)


def _answers(port: int) -> Iterator[Figure]:
    line = Line(port)
    known = _submitted(line, _small_run())
    submits = (("POST", "/api/v1/runs", _graph_of_100()) for _ in itertools.count())
    cases = [
        ("get a run", in_turn(("GET", f"/api/v1/runs/{known}", b"")), READ_PAUSE, 20.0),
        ("list runs", in_turn(("GET", "/api/v1/runs", b"")), READ_PAUSE, 20.0),
        ("the catalogue", in_turn(("GET", "/api/v1/nodes", b"")), READ_PAUSE, 20.0),
        ("submit a graph of 100 nodes", lambda: next(submits), SUBMIT_PAUSE, 50.0),
    ]
    for what, requests, pause, bound in cases:
        busy = _submitted(line, orjson.dumps({"graph": chain(60_000, next(STARTS))[0].document()}))
        taken = asked_by_many(port, CLIENTS, requests, SECONDS, pause)
        state = line.ask("GET", f"/api/v1/runs/{busy}").json()["state"]
        line.ask("POST", f"/api/v1/runs/{busy}/cancel")
        note = f"{len(taken) / SECONDS:.0f} a second; the engine's run was {state} at the end"
        yield Figure(f"{what}, {CLIENTS} clients, engine busy, p95", quantile(taken, 0.95) * 1e3, "ms", bound, note)


def _graph_of_100() -> bytes:
    return orjson.dumps({"graph": chain(100, next(STARTS))[0].document()})


def _progress(port: int) -> Iterator[Figure]:
    for clients, bound in ((1, 15.0), (CLIENTS * 5, 50.0)):
        inputs = {"times": Constant(40), "pause": Constant(0.25), "seed": Constant(clients)}
        graph = Graph({"tell": GraphNode("t/telling", inputs)}, {"out": Wire("tell", "value")})
        run = _submitted(Line(port), orjson.dumps({"graph": graph.document()}))
        taken: list[float] = []

        def hear(_: int, event: dict[str, Any], taken: list[float] = taken) -> bool:
            if event["kind"] == "call_progress":
                taken.append((time.monotonic_ns() - int(event["message"])) / 1e9)
            return bool(event["kind"] == "run_ended")

        heard_by_many([_ear_of(port, f"run:{run}") for _ in range(clients)], hear)
        what = "1 client" if clients == 1 else f"{clients} clients"
        note = "of what is told at once: more than 10 a second are held back for up to 0.1 s"
        yield Figure(f"from a node's progress to {what}, p95", quantile(taken, 0.95) * 1e3, "ms", bound, note)


def _many_events(port: int) -> Iterator[Figure]:
    """A run that tells 10,000 events as fast as it can, heard by a crowd."""
    for clients in (1, 100):
        ears = [Ear(port) for _ in range(clients)]
        run = _submitted(Line(port), orjson.dumps({"graph": chain(10_000, next(STARTS))[0].document()}))
        for ear in ears:
            ear.say({"kind": "subscribe", "topic": f"run:{run}"})
        counts = [0] * clients
        begun = time.perf_counter()

        def hear(ear: int, event: dict[str, Any], counts: list[int] = counts) -> bool:
            counts[ear] += event.get("seq") == counts[ear] + 1
            return bool(event["kind"] == "run_ended")

        heard_by_many(ears, hear)
        assert min(counts) == max(counts) > 10_000, "events are missing or came twice"
        rate = counts[0] / (time.perf_counter() - begun)
        what = "1 client" if clients == 1 else f"each of {clients} clients"
        yield Figure(f"events of a run to {what}", 1000 / rate, "ms an event", 1.0, f"{rate:,.0f} a second")


def _full_queue(port: int) -> Iterator[Figure]:
    line = Line(port)
    line.ask("PATCH", "/api/v1/queue", b'{"paused":true}').json()
    empty = _touched(line)
    graph = chain(3)[0].document()
    graph["parameters"] = {"x": {"type": "integer"}}
    graph["nodes"]["n0"]["inputs"] = {"x": {"param": "x"}}  # type: ignore[call-overload,index]
    body = orjson.dumps({"graph": graph, "axes": {"x": list(range(10_000))}})
    begun = time.perf_counter()
    line.ask("POST", "/api/v1/batches", body).json()
    yield Figure("a batch of 10,000 runs, queued in one request", time.perf_counter() - begun, "s")
    full = _touched(line)
    for what in empty:
        note = f"{empty[what] * 1e3:.1f} ms, then {full[what] * 1e3:.1f} ms"
        yield Figure(f"{what} with 10,000 queued against an empty queue", full[what] / empty[what], "times", 2, note)
    line.ask("DELETE", "/api/v1/queue").json()
    line.ask("PATCH", "/api/v1/queue", b'{"paused":false}').json()


def _touched(line: Line) -> dict[str, float]:
    """Medians of what a client does with a queue."""
    taken: dict[str, list[float]] = {"submit": [], "list": [], "cancel": []}
    for _ in range(200):
        marks = [time.perf_counter()]
        run = _submitted(line, _small_run())
        marks.append(time.perf_counter())
        line.ask("GET", "/api/v1/runs?limit=20").json()
        marks.append(time.perf_counter())
        line.ask("POST", f"/api/v1/runs/{run}/cancel").json()
        marks.append(time.perf_counter())
        for name, begun, ended in zip(taken, marks, marks[1:], strict=False):
            taken[name].append(ended - begun)
    return {name: quantile(values) for name, values in taken.items()}


def _idle_memory() -> Figure:
    with folder() as path:
        command = [str(Path(sys.executable).with_name("diorama")), "serve", "--port", "0", "--store", str(path)]
        with Popen(command, stdout=PIPE, stderr=PIPE, text=True) as started:
            assert started.stdout is not None
            port = int(started.stdout.readline().split()[2].rpartition(":")[2])
            line = Line(port)
            for path_ in ("/api/v1/nodes", "/api/v1/runs", "/api/v1/ready"):
                line.ask("GET", path_).json()
            resident = _resident_bytes(started.pid)
            started.terminate()
            started.communicate(timeout=30)
    return Figure("diorama serve, idle", resident / 1e6, "MB", 150, "resident, with the catalogue asked for")


def _resident_bytes(pid: int) -> int:
    (line,) = [one for one in Path(f"/proc/{pid}/status").read_text().splitlines() if one.startswith("VmRSS:")]
    return int(line.split()[1]) * 1024


def _ear_of(port: int, topic: str) -> Ear:
    ear = Ear(port)
    ear.say({"kind": "subscribe", "topic": topic})
    return ear
