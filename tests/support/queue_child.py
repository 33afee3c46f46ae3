"""A server that takes every run it can: `python -m tests.support.queue_child STORE OWNER`; it prints what it took."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

from diorama.store.calls import CallStore
from diorama.store.queue import Queue
from diorama.store.turns import Limits
from tests.support.queued import ends

MOST = 5
"""Runs under way at once."""


def _main(store: Path, owner: str) -> None:
    with closing(CallStore(store)) as opened:
        queue, under_way = Queue(opened), list[tuple[str, int]]()
        print("ready", flush=True)
        sys.stdin.readline()
        while True:
            run = queue.claim_next(owner, Limits(MOST))
            if run is not None:
                print(run.id)
                under_way.append((run.id, run.token))
            elif under_way:
                name, token = under_way.pop(0)
                opened.write(ends(name, token, seq=2))
            else:
                return


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2])
