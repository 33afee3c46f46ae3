"""The server as a process: it tells where it is, takes work, and stops in good order."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2 as httpx
import pytest
from tests.support.served import WAIT_SECONDS

from diorama.cli import serve as serve_command
from diorama.server.asked import EXAMPLE_GRAPH

STOP_SECONDS = 15.0
ROOT = Path(__file__).parents[2]


@contextmanager
def command(*given: str) -> Iterator[subprocess.Popen[str]]:
    started = subprocess.Popen(
        [sys.executable, "-m", "diorama", "serve", *given],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield started
    finally:
        started.kill()
        started.communicate()


def address_of(started: subprocess.Popen[str]) -> str:
    assert started.stdout is not None
    line = started.stdout.readline()
    assert line.startswith("Diorama serves http://127.0.0.1:"), line or started.communicate()
    return line.split()[2]


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_a_signal_comes_and_leaves_no_stream_hanging(tmp_path: Path, stop: signal.Signals) -> None:
    with command("--port", "0", "--store", str(tmp_path), "--workers", "1") as started:
        address = address_of(started)
        with httpx.Client(base_url=address, timeout=WAIT_SECONDS) as client:
            assert client.get("/api/v1/ready").json()["status"] == "ready"
            assert client.post("/api/v1/runs", json={"graph": EXAMPLE_GRAPH}).status_code == 201
            with client.stream("GET", "/api/v1/events", params={"topic": "queue"}) as stream:
                lines = stream.iter_lines()
                assert "queue_changed" in next(lines)
                started.send_signal(stop)
                assert [line for line in lines if line.startswith("event:")] == []
        out, errors = started.communicate(timeout=STOP_SECONDS)
        assert (started.returncode, "stopping" in out) == (0, True), errors
        assert "Traceback" not in errors


def test_what_was_accepted_is_there_when_it_serves_again(tmp_path: Path) -> None:
    with command("--port", "0", "--store", str(tmp_path)) as started:
        asked = {"graph": EXAMPLE_GRAPH}
        run = httpx.post(f"{address_of(started)}/api/v1/runs", json=asked, timeout=WAIT_SECONDS).json()["id"]
    with command("--port", "0", "--store", str(tmp_path)) as started:
        address = address_of(started)
        assert httpx.get(f"{address}/api/v1/runs/{run}", timeout=WAIT_SECONDS).json()["id"] == run


def test_a_port_that_is_taken_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with command("--port", port, "--store", str(tmp_path)) as started:
            _, errors = started.communicate(timeout=STOP_SECONDS)
    assert started.returncode == 2
    assert errors.startswith(f"C001 127.0.0.1:{port}: cannot listen there")
    assert "Traceback" not in errors


def test_a_wider_bind_without_a_key_is_refused(tmp_path: Path) -> None:
    with command("--host", "0.0.0.0", "--port", "0", "--store", str(tmp_path)) as started:
        _, errors = started.communicate(timeout=STOP_SECONDS)
    assert started.returncode != 0
    assert "A007" in errors


@pytest.mark.parametrize(
    ("screen", "asked", "seen"), [("", True, []), (":0", True, ["http://here"]), (":0", False, [])], ids=str
)
def test_a_browser_is_opened_where_it_is_a_window(
    screen: str, asked: bool, seen: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    if screen:
        monkeypatch.setenv("DISPLAY", screen)
    serve_command._tell("http://here", tmp_path, opens_browser=asked)
    assert opened == seen
