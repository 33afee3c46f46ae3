"""T48: a server that is killed while a file comes in leaves no half artefact, and the upload goes on from there."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from tests.support.sample_values import a_picture

from diorama.keys import digest_of
from diorama.store import care
from diorama.store.calls import CallStore

BOUND = 30.0
PICTURE = a_picture(900, 700).encode()


@contextmanager
def server(store: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server in a process of its own, killed at the end if it lives."""
    started = subprocess.Popen(
        [sys.executable, "-m", "diorama", "serve", "--port", "0", "--store", str(store), "--workers", "1"],
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert started.stdout is not None
        line = started.stdout.readline()
        assert "http://" in line, started.communicate()
        yield line.split()[2], started
    finally:
        started.kill()
        started.communicate(timeout=BOUND)


@pytest.mark.parametrize("sent", [1, len(PICTURE) // 2, len(PICTURE) - 1])
def test_an_upload_goes_on_after_the_server_was_killed_in_the_middle_of_a_part(tmp_path: Path, sent: int) -> None:
    with server(tmp_path) as (address, process):
        body = {"name": "boat.png", "size": len(PICTURE), "digest": f"blake3:{digest_of(PICTURE).hex()}"}
        upload = httpx2.post(f"{address}/api/v1/uploads", json=body, timeout=BOUND).json()["id"]
        half = httpx2.patch(
            f"{address}/api/v1/uploads/{upload}", content=PICTURE[:sent], headers={"Upload-Offset": "0"}, timeout=BOUND
        )
        assert half.json()["offset"] == sent
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=BOUND) as line:
            head = f"PATCH /api/v1/uploads/{upload} HTTP/1.1\r\nHost: {host}:{port}\r\nUpload-Offset: {sent}\r\n"
            head += f"Content-Length: {len(PICTURE) - sent}\r\nExpect: 100-continue\r\n\r\n"
            line.sendall(head.encode())
            assert b"100" in line.recv(1000)
            line.sendall(PICTURE[sent : sent + 100])
            process.send_signal(signal.SIGKILL)
            process.wait(BOUND)
    with server(tmp_path) as (address, _), httpx2.Client(base_url=address, timeout=BOUND) as client:
        assert client.get("/api/v1/artefacts").json()["items"] == []
        offset = client.get(f"/api/v1/uploads/{upload}").json()["offset"]
        assert sent <= offset <= sent + 100
        rest = client.patch(
            f"/api/v1/uploads/{upload}", content=PICTURE[offset:], headers={"Upload-Offset": str(offset)}
        )
        assert rest.status_code == 201, rest.text
        assert client.get(f"/api/v1/artefacts/{rest.json()['digest']}/content").content == PICTURE
    store = CallStore(tmp_path)
    try:
        verified = care.verify(store)
        assert (verified.damaged, verified.database) == ((), "ok")
    finally:
        store.close()


def test_an_artefact_that_was_acknowledged_is_there_after_the_server_was_killed(tmp_path: Path) -> None:
    with server(tmp_path) as (address, process):
        made = httpx2.post(
            f"{address}/api/v1/artefacts", params={"name": "boat.png"}, content=PICTURE, timeout=BOUND
        ).json()
        process.send_signal(signal.SIGKILL)
        process.wait(BOUND)
    with server(tmp_path) as (address, _), httpx2.Client(base_url=address, timeout=BOUND) as client:
        assert client.get(f"/api/v1/artefacts/{made['digest']}").json() == made
        assert client.get(f"/api/v1/artefacts/{made['digest']}/content").content == PICTURE
