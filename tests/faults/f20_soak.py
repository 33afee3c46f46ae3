"""Small random graphs without a pause, a worker killed now and then, the server once: nothing grows or hangs."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import psutil

from tests.faults.figures import Figures
from tests.faults.nodes import chains
from tests.faults.processes import Serving, serving


def run(folder: Path, is_long: bool) -> Figures:
    """Run graphs for ten minutes; memory, open files and the database are looked at all the while."""
    seconds, every = (600.0, 60.0) if is_long else (25.0, 5.0)
    draw = np.random.default_rng(11)
    begun = time.monotonic()
    kills = runs = 0
    looks: list[tuple[float, int, int, int]] = []
    server_killed = False
    with serving(folder / "store", service={"recovery": "resume"}) as (server, client):
        next_kill = begun + every
        while (now := time.monotonic()) < begun + seconds:
            graph, _ = chains(int(draw.integers(1, 2**35)) * 10_000, int(draw.integers(1, 4)), int(draw.integers(1, 9)))
            view = client.submit(graph)
            if now > next_kill:
                next_kill += every
                kills += 1
                if not server_killed and now > begun + seconds / 2:
                    server.kill()
                    server.start()
                    server_killed = True
                    looks.clear()
                elif workers := server.workers():
                    workers[0].kill()
            assert client.wait(view.id).state == "succeeded", client.status(view.id)
            runs += 1
            if not looks or now > looks[-1][0] + 1.0:
                looks.append(_look(server))
        left = [view for state in ("queued", "running") for view in client.runs(state=state)]
        assert not left, left
    assert len(looks) >= 2, looks
    first, last = looks[len(looks) // 4], looks[-1]
    return {
        "runs": f"{runs:,}, {kills} kills",
        "memory since the server was killed": f"{(last[1] - first[1]) / 2**20:+.1f} MiB in {last[0] - first[0]:.0f} s",
        "open files": f"{first[2]}, then {last[2]}",
        "database and log": f"{last[3] / 2**20:.1f} MiB",
    }


def _look(server: Serving) -> tuple[float, int, int, int]:
    assert server.process is not None
    process = psutil.Process(server.process.pid)
    size = sum(path.stat().st_size for path in server.store.glob("diorama.db*"))
    return time.monotonic(), process.memory_info().rss, process.num_fds(), size
