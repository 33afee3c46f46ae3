"""A disk that fills up while results are written: the run fails with that said, the server goes on answering."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from diorama.graph import Constant, Graph, GraphNode, Wire
from tests.faults.figures import Figures, NotHere
from tests.faults.processes import serving

SMALL, ROOMY = "32m", "256m"
BLOB = 900_000
COUNT = 60
"""Blobs of a run: more than the small disk holds."""


def run(folder: Path, is_long: bool) -> Figures:
    """Fill a small disk with results, make room, and let the same run go on."""
    with _disk(folder / "disk") as disk, serving(disk / "store") as (server, client):
        run = client.submit(_large())
        ended = client.wait(run.id)
        assert ended.state == "failed", ended
        assert {fault.code for fault in ended.faults} == {"R006"}, ended.faults
        client.list("health")
        assert client.status(run.id).state == "failed"
        assert not list((disk / "store" / "incoming").iterdir()), "a partial file was left"
        kept = sum(1 for path in (disk / "store" / "blobs").rglob("*") if path.is_file())
        subprocess.run(["mount", "-o", f"remount,size={ROOMY}", str(disk)], check=True)
        client.retry(run.id)
        again = client.wait(run.id)
        assert again.state == "succeeded", again
        log = server.log.read_text()
        assert "the engine met an error" not in log, log[-2000:]
    return {"disk": SMALL, "results kept until it was full": str(kept), "the same run, with room": again.state}


def _large() -> Graph:
    nodes = {
        f"n{number}": GraphNode("f/large", {"x": Constant(number), "size": Constant(BLOB)}) for number in range(COUNT)
    }
    return Graph(nodes, {name: Wire(name, "value") for name in nodes}, title="large")


@contextmanager
def _disk(place: Path) -> Iterator[Path]:
    if os.geteuid() != 0:
        raise NotHere("a small disk is mounted, and only root may do that")
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)
