"""What a server tells of itself: every request and run in the log and in the figures, and no secret in either."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest
from tests.support.served import Serving, Told, serving
from tests.support.service_nodes import catalogue, graph_of
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from diorama.logs.setup import LogOptions, logging_to
from diorama.run.service import Service


@dataclass(frozen=True)
class Watched:
    serving: Serving
    path: Path

    def figures(self) -> dict[str, float]:
        """Every figure by its name and labels."""
        text = self.serving.client.get("/metrics").text
        rows = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
        return {name: float(value) for name, _, value in rows}


@contextmanager
def watched(folder: Path) -> Iterator[Watched]:
    """A server that logs everything; its log is whole after the block."""
    path = folder / "server.log"
    with (
        logging_to(LogOptions(file=path, level="debug")),
        Service(folder / "store", catalogue=catalogue()) as service,
        serving(service) as one,
    ):
        yield Watched(one, path)


def written(path: Path) -> list[Told]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def test_runs_and_calls_are_logged_with_their_ids_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "server.log"
    with logging_to(LogOptions(file=path)), Service(tmp_path / "store", catalogue=catalogue()) as service:
        with serving(service) as served:
            good = served.ended(graph_of("doubled", "twice", x=3))
            again = served.ended(graph_of("doubled", "twice", x=3))
            bad = served.ended(graph_of("failing", "refused", why="<img onerror=alert(1)>\nno"))
        text = served.app.meter.text().decode()
    assert (good["state"], again["state"], bad["state"]) == ("succeeded", "succeeded", "failed")
    lines = [one for one in written(path) if one["logger"] == "diorama.run"]
    told = {(one["run"], one["message"]) for one in lines}
    for run, state in ((good, "succeeded"), (again, "succeeded"), (bad, "failed")):
        assert {(run["id"], "run queued"), (run["id"], "run started"), (run["id"], f"run {state}")} <= told
    (failed,) = (one for one in lines if one["level"] == "warning")
    assert (failed["run"], failed["step"], failed["code"]) == (bad["id"], "failing", "R002")
    assert 'diorama_runs_ended_total{state="succeeded"} 2.0' in text
    assert 'diorama_runs_ended_total{state="failed"} 1.0' in text
    assert 'diorama_calls_total{node="t/doubled",outcome="made"} 1.0' in text
    assert 'diorama_calls_total{node="t/doubled",outcome="cached"} 1.0' in text
    assert 'diorama_calls_total{node="t/failing",outcome="failed"} 1.0' in text
    assert 'diorama_call_seconds_count{node="t/doubled"} 1.0' in text
    assert "diorama_queue_length 0.0" in text
    assert re.search(r'diorama_device_bytes\{device="[^"]+",kind="total"\} [1-9]', text)
    assert re.search(r"diorama_event_lag_seconds_count [1-9]", text)


def test_a_request_is_logged_under_the_number_that_its_answer_tells(tmp_path: Path) -> None:
    with watched(tmp_path) as one:
        reply = one.serving.client.get("/api/v1/nodes", params={"unasked": "canary-in-the-query"})
        refused = one.serving.client.get("/api/v1/nodes", headers={"Origin": "http://evil.example"})
        one.serving.client.get("/api/v1/health")
        figures = one.figures()
    assert figures['diorama_http_request_seconds_count{handler="list_nodes",method="GET",status="200"}'] == 1
    assert figures['diorama_http_request_seconds_count{handler="none",method="GET",status="403"}'] == 1
    lines = {line["request"]: line for line in written(one.path) if "request" in line}
    told = lines[reply.headers["x-request-id"]]
    assert (told["client"], told["path"], told["status"], told["level"]) == ("local", "/api/v1/nodes", 200, "info")
    assert told["bytes"] == len(reply.content)
    assert lines[refused.headers["x-request-id"]]["status"] == 403
    assert [line["level"] for line in lines.values() if line["path"] == "/api/v1/health"] == ["debug"]
    assert "canary" not in one.path.read_text()


def test_a_websocket_is_counted_while_it_is_open_and_its_ticket_is_not_logged(tmp_path: Path) -> None:
    with watched(tmp_path) as one:
        ticket = one.serving.client.post("/api/v1/tickets").json()["ticket"]
        address = f"{one.serving.address.replace('http', 'ws', 1)}/api/v1/events?ticket={ticket}"
        with connect(address, compression=None, close_timeout=1.0):
            assert one.figures()["diorama_websockets"] == 1
        with pytest.raises(InvalidStatus, match="401"):
            connect(address, compression=None)
    assert "WEBSOCKET /api/v1/events" in one.path.read_text()
    assert ticket.removeprefix("tkt_") not in one.path.read_text()


@pytest.mark.parametrize("method", ["BREW", "FOO" * 20])
def test_words_of_strangers_become_no_labels(tmp_path: Path, method: str) -> None:
    with watched(tmp_path) as one:
        for number in range(3):
            one.serving.client.request(method, f"/strange/{number}")
        figures = one.figures()
    assert not [name for name in figures if method in name or "strange" in name]


def test_t13_an_error_of_the_servers_own_is_logged_whole_and_answered_without_a_word_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Service) -> None:
        raise RuntimeError("the canary of /secret/place")

    monkeypatch.setattr(Service, "queue", broken)
    with watched(tmp_path) as one:
        reply = one.serving.client.get("/api/v1/queue")
    assert reply.status_code == 500
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["x-content-type-options"] == "nosniff"
    for word in ("canary", "secret", "Traceback", "RuntimeError", str(tmp_path)):
        assert word not in reply.text
    number = reply.headers["x-request-id"]
    (told,) = (line for line in written(one.path) if line.get("request") == number and "traceback" in line)
    assert "the canary of /secret/place" in told["traceback"]
