"""kill -9 of the server at a random moment of a run of 200 calls, again and again."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import numpy as np
import orjson

from diorama.run.events import CallFinished
from tests.faults.figures import Figures, spread
from tests.faults.nodes import chains, value_of
from tests.faults.processes import serving
from tests.support.tally import noted

CHAINS, LENGTH = 10, 20
LATEST = 0.35
"""Seconds after its submission at which a run is killed at the latest: about what a run takes."""


def run(folder: Path, is_long: bool) -> Figures:
    """Kill, start again, and see each run to its right end."""
    cycles = 100 if is_long else 5
    moments = np.random.default_rng(7).uniform(0.0, LATEST, cycles)
    starts: list[float] = []
    interrupted = again = 0
    with serving(folder / "store", service={"recovery": "resume"}) as (server, client):
        for cycle, moment in enumerate(moments):
            base = (cycle + 1) * 100_000
            graph, _ = chains(base, CHAINS, LENGTH)
            accepted = client.submit(graph)
            threading.Event().wait(float(moment))
            server.kill()
            finished = _finished(server.store, accepted.id)
            before = len(noted(server.tally))
            server.start()
            starts.append(server.started_in)
            view = client.wait(accepted.id)
            assert view.state == "succeeded", (cycle, view)
            interrupted += view.attempt > 1
            result = client.result(accepted.id)
            for chain in range(CHAINS):
                assert result[f"r{chain}"] == base + chain * 1000 + LENGTH, (cycle, chain)
            lines = [line.partition(":")[0] for line in noted(server.tally)[before:]]
            repeated = {str(value_of(step, base)) for step in finished}.intersection(lines)
            assert not repeated, f"calls whose results were committed were made again: {repeated}"
            again += len(lines)
        assert _is_sound(server.store)
    assert max(starts) < (2.0 if is_long else 10.0), starts
    return {
        "kills": f"{cycles}",
        "runs that were under way": f"{interrupted}",
        "calls made after a kill, of 200": f"{again / cycles:.0f} on average",
        "ready again": spread(starts, "s"),
    }


def _finished(store: Path, run: str) -> set[str]:
    """The steps whose results are on the disk, by the run's journal."""
    with closing(sqlite3.connect(store / "diorama.db")) as connection:
        rows = connection.execute("SELECT event FROM events WHERE run = ?", (run,)).fetchall()
    told = [orjson.loads(event) for (event,) in rows]
    return {event["step"] for event in told if event["kind"] == CallFinished.__dataclass_fields__["kind"].default}


def _is_sound(store: Path) -> bool:
    with closing(sqlite3.connect(store / "diorama.db")) as connection:
        found: tuple[str] = connection.execute("PRAGMA integrity_check").fetchone()
        owned: tuple[int] = connection.execute("SELECT count(*) FROM runs WHERE owner IS NOT NULL").fetchone()
        claims: tuple[int] = connection.execute("SELECT count(*) FROM claims").fetchone()
    assert owned == (0,), "a run still has an owner"
    assert claims == (0,), "a claim is still held"
    return found == ("ok",)
