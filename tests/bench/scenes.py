"""Scenes on a server with two workers: what ten at once take beside the least that two cores could, and who fails."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from diorama import Client
from tests.bench.measure import Figure, folder

SCENES = (
    "misty cyberpunk alley at night; neon kanji; detective walking slowly; rain; lo-fi minor 80 bpm",
    "a lighthouse at dawn, gulls, waltz in D",
    "a snowy clearing with a cabin at night; a lantern; pine trees; soft piano",
    "an old library at night; candles; a wizard waving; harp",
    "a farm at noon; a tractor; three cows; banjo",
    "a harbour at sunset; two boats; a fisherman; accordion",
    "a park in autumn; a bench; a child running; flute",
    "a castle on a hill; a knight; drums",
    "a desert at midday; cacti; a cowboy walking; guitar",
    "a kitchen in the morning; a table with mugs; a chef; jazz",
)
TIMES = ("spring", "summer", "autumn", "winter", "dawn", "noon", "dusk", "midnight", "fog", "snow")
"""Each scene at each of these is a scene of its own: a hundred."""
LONGEST_SECONDS = 300.0


def figures() -> Iterator[Figure]:
    """The time of ten runs at once over the ideal for the cores there are, and how many of a hundred fail."""
    cores = min(os.cpu_count() or 1, 2)
    with folder() as path, _server(path / "store") as address, Client(address) as client:
        client.run("text_to_scene", prompt="a cow in a meadow", quality="draft")
        begun = time.perf_counter()
        runs = [client.submit("text_to_scene", {"prompt": prompt}) for prompt in SCENES]
        views = [client.wait(run.id) for run in runs]
        wall = time.perf_counter() - begun
        failed = [view for view in views if view.state != "succeeded"]
        assert not failed, failed
        work = sum(_work(client, run.id) for run in runs)
        yield Figure("10 scenes at once, over the ideal", wall / (work / cores), "times", 1.3, f"{wall:.1f} s in all")
        yield _failures(client)


def _failures(client: Client) -> Figure:
    """How many of a hundred runs do not succeed, all of them queued at once."""
    begun = time.perf_counter()
    prompts = [f"{scene}; {when}" for scene in SCENES for when in TIMES]
    runs = [client.submit("text_to_scene", {"prompt": prompt}) for prompt in prompts]
    states = [client.wait(run.id).state for run in runs]
    for prompt, state in zip(prompts, states, strict=True):
        if state != "succeeded":
            print(f"{state}: {prompt}", file=sys.stderr)
    failed = sum(state != "succeeded" for state in states)
    return Figure(
        f"of {len(runs)} scenes those that failed", failed, "scenes", 0, f"{time.perf_counter() - begun:.0f} s"
    )


def _work(client: Client, run: str) -> float:
    """Seconds that the calls took which a run really made."""
    calls = client.manifest(run)["calls"]
    assert isinstance(calls, list)
    return sum(float(str(call["seconds"])) for call in calls if isinstance(call, dict) and not call["cached"])


@contextmanager
def _server(store: Path) -> Iterator[str]:
    words = ["serve", "--store", str(store), "--port", "0", "--workers", "2", "--log-level", "error"]
    started = subprocess.Popen(
        [sys.executable, "-m", "diorama", *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert started.stdout is not None
        ready, _, _ = select.select([started.stdout], [], [], LONGEST_SECONDS)
        assert ready, "the server did not start"
        yield started.stdout.readline().split()[2]
    finally:
        started.terminate()
        started.wait(30)
