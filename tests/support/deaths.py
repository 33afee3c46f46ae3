"""Processes that die at fault points, each over a store of its own.

`python -m tests.support.deaths FOLDER WORK {PLACE: URL, ...}` forks a process for each place `point:nth-time`. It works
on the store FOLDER/PLACE, whose database is at the URL, until it dies there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from diorama.keys import digest_of
from diorama.session import Session
from diorama.store import fault_points
from diorama.store.calls import CallStore
from diorama.store.queue import Promise, Queue
from tests.support.child import ROOT, SHORT_CLAIM
from tests.support.databases import Kind
from tests.support.postgres import Postgres
from tests.support.queued import WIDE, ends, event, new
from tests.support.tally import catalogue, growing

NAMES = ("a.0", "a.1", "a.2")


@dataclass(frozen=True, slots=True)
class Deaths:
    """The stores of processes that died, and how each ended, by place."""

    folder: Path
    urls: Mapping[str, str]
    codes: Mapping[str, int]

    def opened(self, place: str) -> CallStore:
        """What is left of the store of one."""
        return CallStore(self.folder / place, database=self.urls[place])

    def noted(self, place: str) -> list[str]:
        """What was done by the time one died, as far as it was told so."""
        path = self.folder / f"{place}.done"
        return path.read_text().splitlines() if path.exists() else []


@contextmanager
def deaths(
    folder: Path, work: str, places: Sequence[str], kind: Kind, request: pytest.FixtureRequest
) -> Iterator[Deaths]:
    """Let a process die at each place; all of them pay for one start."""
    with ExitStack() as databases:
        urls = dict.fromkeys(("first", *places), "")
        if kind == "postgres":
            server: Postgres = request.getfixturevalue("postgres")
            urls = {place: databases.enter_context(server.database()) for place in urls}
        command = [sys.executable, "-m", "tests.support.deaths", str(folder), work, json.dumps(urls)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        yield Deaths(folder, urls, json.loads(done.stdout))


def run_growing(store: CallStore, note: Callable[[str], None]) -> None:
    """Run a graph to its end."""
    with Session(store, catalogue=catalogue(), claim_seconds=SHORT_CLAIM) as session:
        session.run(growing())


def promise(name: str) -> Promise:
    """What makes a submission of a run the same when it comes again."""
    return Promise("a", f"key of {name}", digest_of(name.encode()))


def take_through_the_queue(store: CallStore, note: Callable[[str], None]) -> None:
    """Take three runs through the queue: one to its end, one cancelled while it waits, one paused and queued again."""
    queue = Queue(store)
    for name in NAMES:
        queue.add([new(name)], promise=promise(name), tell=event)
        note(f"accepted {name}")
    first = queue.claim_next("dead", WIDE)
    assert first is not None
    note(f"claimed {first.id}")
    store.write(ends(first.id, first.token, seq=2))
    note(f"ended {first.id}")
    queue.cancel(run="a.1", tell=event)
    note("cancelled a.1")
    last = queue.claim_next("dead", WIDE)
    assert last is not None
    note(f"claimed {last.id}")
    queue.set_state(last.id, ["running"], "paused", fence=("dead", last.token), tell=event)
    note(f"paused {last.id}")
    queue.requeue(last.id, ["paused"], tell=event)
    note(f"queued {last.id}")


WORKS = {"growing": run_growing, "queue": take_through_the_queue}


def _main(folder: Path, work: str, urls: Mapping[str, str]) -> None:
    codes: dict[str, int] = {}
    for place, url in urls.items():
        child = os.fork() if place != "first" else 0
        if child:
            codes[place] = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            continue
        # The first one dies nowhere: what it imports is then there for all that follow.
        fault_points.arm("" if place == "first" else place)
        noting = (folder / f"{place}.done").open("a", buffering=1)
        with noting as done, closing(CallStore(folder / place, database=url)) as store:
            WORKS[work](store, lambda line: print(line, file=done))
        if place != "first":
            os._exit(0)
    print(json.dumps(codes))


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3]))
