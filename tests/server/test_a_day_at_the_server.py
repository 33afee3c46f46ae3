"""The real command, driven with the Python client, curl and a browser's WebSocket, killed, and going on."""

from __future__ import annotations

import json
import select
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests.support.browser import chromium
from tests.support.child import ROOT

from diorama import Client
from diorama.server.serve import bound_socket

WAIT_SECONDS = 60.0
LISTEN = """
([run, since]) => {
    window.heard = window.heard ?? [];
    window.line = new WebSocket(`ws://${location.host}/api/v1/events`);
    window.line.onopen = () => window.line.send(JSON.stringify({kind: "subscribe", topic: `run:${run}`, since}));
    window.line.onmessage = (message) => {
        for (const event of JSON.parse(message.data).events ?? []) if (event.seq) window.heard.push(event);
    };
}
"""
HAS_MADE_A_MESH = "window.heard.some((event) => event.kind === 'call_finished' && event.step === 'meshes')"
IS_CLOSED = "window.line.readyState === WebSocket.CLOSED"
HAS_ENDED_WELL = "window.heard.some((event) => event.kind === 'run_ended' && event.state === 'succeeded')"


@dataclass
class Command:
    """`diorama serve` in a process of its own, at a port that stays."""

    store: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it; it takes requests when this returns."""
        words = ["serve", "--store", str(self.store), "--port", str(self.port)]
        with (self.store.with_suffix(".log")).open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "diorama", *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=log
            )
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], WAIT_SECONDS)
        assert ready, self.store.with_suffix(".log").read_text()
        assert self.address.encode() in self.process.stdout.readline()

    def kill(self) -> None:
        """Kill it as the system does."""
        assert self.process is not None
        self.process.kill()
        self._wait()

    def stop(self) -> int:
        """Ask it to end; gives its exit code."""
        assert self.process is not None
        self.process.terminate()
        return self._wait()

    def _wait(self) -> int:
        assert self.process is not None
        code = self.process.wait(WAIT_SECONDS)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code


@pytest.fixture
def command(tmp_path: Path) -> Iterator[Command]:
    free = bound_socket("127.0.0.1", 0)
    port = free.getsockname()[1]
    free.close()
    one = Command(tmp_path / "store", port)
    one.start()
    yield one
    if one.process is not None and one.process.poll() is None:
        one.kill()


def curl(*words: str) -> dict[str, object]:
    done = subprocess.run(["curl", "--silent", "--max-time", "60", *words], capture_output=True, check=True, timeout=90)
    read: dict[str, object] = json.loads(done.stdout)
    return read


def seqs(page: Page) -> list[int]:
    heard: list[int] = page.evaluate("window.heard.map((event) => event.seq)")
    return heard


def test_a_day_at_the_server(command: Command, tmp_path: Path) -> None:
    with Client(command.address) as client, chromium() as browser:
        # A program: a graph by its name, its results as files.
        boat = client.run("text_to_mesh", prompt="a blue boat")
        assert sorted(path.name for path in boat.save(tmp_path)) == ["mesh.glb", "object.json", "picture.png"]

        # curl: the same graph, twice under one key, is one run, and all of it comes from the cache.
        body = json.dumps({"saved": "text_to_mesh", "parameters": {"prompt": "a blue boat"}})
        asked = ["-X", "POST", "-H", "Content-Type: application/json", "-H", "Idempotency-Key: boat", "-d", body]
        first = curl(*asked, f"{command.address}/api/v1/runs")
        assert curl(*asked, f"{command.address}/api/v1/runs")["id"] == first["id"]
        client.wait(str(first["id"]))
        calls = client.manifest(str(first["id"]))["calls"]
        assert isinstance(calls, list)
        assert all(isinstance(call, dict) and call["cached"] for call in calls)

        # A browser listens to a longer run when the server is killed.
        # The driver evaluates texts in the page, which the policy of its content forbids.
        page = browser.new_page(bypass_csp=True)
        page.goto(command.address)
        run = client.submit("text_to_scene", {"prompt": "a lighthouse at dawn, gulls, waltz in D"})
        page.evaluate(LISTEN, [run.id, 0])
        page.wait_for_function(HAS_MADE_A_MESH, timeout=WAIT_SECONDS * 1000)
        command.kill()
        page.wait_for_function(IS_CLOSED, timeout=WAIT_SECONDS * 1000)
        command.start()

        # Nothing is lost: the run waits to be told what becomes of it, and goes on where it was.
        assert client.status(run.id).state == "interrupted"
        finished = {event.key for event in client.watch(run.id) if event.kind == "call_finished"}
        assert len(finished) > 1
        client.resume(run.id)
        page.evaluate(LISTEN, [run.id, max(seqs(page))])
        page.wait_for_function(HAS_ENDED_WELL, timeout=WAIT_SECONDS * 1000)
        assert seqs(page) == list(range(1, len(seqs(page)) + 1)), "the page missed an event, or heard one twice"
        made_again = {
            call["key"]
            for call in client.manifest(run.id)["calls"]  # type: ignore[union-attr]
            if isinstance(call, dict) and not call["cached"]
        }
        assert not finished & made_again, "calls that were finished were made again"
        assert client.status(run.id).attempt == 2
    assert command.stop() == 0
