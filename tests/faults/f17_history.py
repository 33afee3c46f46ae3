"""Claims, ends and cancels of 8 processes, some killed, written down with their times and checked afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import orjson

from diorama.store.calls import CallStore
from tests.faults.figures import Figures
from tests.faults.processes import ROOT

CLIENTS = 8


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that a process did to a run, between two moments of the machine's monotonic clock."""

    begun: float
    ended: float
    who: str
    what: str
    run: str
    token: int
    done: bool


def run(folder: Path, is_long: bool) -> Figures:
    """Let them work and die for ten minutes, then go through all that they wrote down."""
    seconds = 600.0 if is_long else 10.0
    store = folder / "store"
    logs = folder / "logs"
    logs.mkdir()
    CallStore(store).close()
    draw = np.random.default_rng(5)
    workers = [_started(store, logs, number) for number in range(CLIENTS)]
    end = time.monotonic() + seconds
    kills = 0
    while time.monotonic() < end:
        threading.Event().wait(float(draw.uniform(0.2, 1.0)))
        place = int(draw.integers(CLIENTS))
        workers[place].kill()
        workers[place].wait()
        kills += 1
        workers[place] = _started(store, logs, CLIENTS + kills)
    for worker in workers:
        worker.kill()
        worker.wait()
    deeds = _read(logs)
    runs = _check(deeds)
    return {"deeds": f"{len(deeds):,} on {runs:,} runs by {CLIENTS} processes", "kills": str(kills), "anomalies": "0"}


def _started(store: Path, logs: Path, number: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.faults.claimer", str(store), str(logs / f"{number}.log"), str(number)]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ.copy())


def _read(logs: Path) -> list[Deed]:
    lines = [line for path in logs.iterdir() for line in path.read_bytes().splitlines()]
    # The last line of one that was killed may be cut off: what it tells of may or may not have happened.
    return [Deed(**orjson.loads(line)) for line in lines if line.endswith(b"}")]


def _check(deeds: list[Deed]) -> int:
    """Hold the history to what an owner and a token promise; gives how many runs it tells of."""
    by_run: dict[str, list[Deed]] = defaultdict(list)
    for deed in deeds:
        by_run[deed.run].append(deed)
    for name, history in by_run.items():
        claims = [deed for deed in history if deed.what == "claim"]
        tokens = [deed.token for deed in claims]
        assert len(set(tokens)) == len(tokens), f"{name}: a token was given twice: {claims}"
        ends = [deed for deed in history if deed.what in ("end", "cancel") and deed.done]
        assert len(ends) <= 1, f"{name}: it ended more than once: {ends}"
        for end in ends:
            later = [claim for claim in claims if claim.begun > end.ended]
            assert not later, f"{name}: it was claimed after its end: {end}, {later}"
            if end.what == "end":
                above = [claim for claim in claims if claim.token > end.token and claim.ended < end.begun]
                assert not above, f"{name}: an old owner ended it: {end}, {above}"
        in_turn = sorted(claims, key=lambda claim: claim.token)
        for older, newer in pairwise(in_turn):
            assert newer.ended >= older.begun, f"{name}: tokens go back: {older}, {newer}"
    return len(by_run)
