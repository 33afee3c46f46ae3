"""`python -m tests.faults.claimer STORE LOG NUMBER`: one of several at a queue, which writes down what it does."""

from __future__ import annotations

import secrets
import sys
import threading
import time
from pathlib import Path

import numpy as np
import orjson

from diorama.refusals import NoSuch, WrongState
from diorama.store.calls import CallStore
from diorama.store.queue import Queue
from diorama.store.run_rows import NewRun
from diorama.store.servers import Servers, this_server
from diorama.store.turns import Limits

LEASE_SECONDS = 0.5


def main(folder: str, log: str, number: str) -> None:
    """Add, claim, end and cancel runs, and take those of the dead, until killed."""
    draw = np.random.default_rng(int(number))
    store = CallStore(Path(folder))
    queue = Queue(store)
    me = f"{number}-{secrets.token_hex(4)}"
    servers = Servers(store, this_server(me, ""), lease_seconds=LEASE_SECONDS)
    servers.register()
    out = Path(log).open("ab", buffering=0)  # noqa: SIM115  # open until the process is killed

    def note(begun: float, what: str, run: str, token: int, done: bool) -> None:
        deed = {"begun": begun, "ended": time.monotonic(), "who": me, "what": what, "run": run, "token": token}
        out.write(orjson.dumps({**deed, "done": done}) + b"\n")

    while True:
        servers.beat()
        for server in servers.dead():
            for run in queue.interrupt(server.id):
                if run.state == "interrupted":
                    _again(queue, run.id)
            servers.bury(server.id)
        name = secrets.token_hex(8)
        queue.add([NewRun(name, "t", b"{}", b"{}")])
        if draw.random() < 0.3:
            begun = time.monotonic()
            note(begun, "cancel", name, 0, bool(queue.cancel(run=name)))
        begun = time.monotonic()
        claimed = queue.claim_next(me, Limits(1))
        if claimed is None:
            continue
        note(begun, "claim", claimed.id, claimed.token, True)
        threading.Event().wait(float(draw.uniform(0.0, 0.02)))
        begun = time.monotonic()
        try:
            queue.set_state(claimed.id, ("running",), "succeeded", fence=(me, claimed.token))
            note(begun, "end", claimed.id, claimed.token, True)
        except (WrongState, NoSuch):
            note(begun, "end", claimed.id, claimed.token, False)


def _again(queue: Queue, run: str) -> None:
    try:
        queue.requeue(run, ("interrupted",))
    except (WrongState, NoSuch):
        return


if __name__ == "__main__":
    main(*sys.argv[1:])
