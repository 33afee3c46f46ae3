"""Runs in a queue, named so that a test can say in a line who waits and who goes."""

from __future__ import annotations

import orjson

from diorama.keys import digest_of
from diorama.refs import inline
from diorama.store.group import Group, Made
from diorama.store.queue import Queue
from diorama.store.run_rows import NewRun, RunRow
from diorama.store.turns import Limits

WIDE = Limits(max_running=1_000_000)
KEY = digest_of(b"a call")


class Time:
    """A clock that moves when it is told to."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def new(name: str, priority: int = 0, client: str | None = None) -> NewRun:
    """A run; its client is what stands before the dot of its name."""
    whose = name.partition(".")[0] if client is None else client
    return NewRun(name, f"title of {name}", b"{}", b"{}", client=whose, priority=priority)


def event(run: str, seq: int) -> bytes:
    """An event of a run."""
    return orjson.dumps({"run": run, "seq": seq, "kind": "told"})


def claimed(queue: Queue, limits: Limits = WIDE, owner: str = "server") -> RunRow:
    """The next run."""
    run = queue.claim_next(owner, limits)
    assert run is not None, "nothing could be claimed"
    return run


def drained(queue: Queue, limits: Limits = WIDE) -> list[str]:
    """The runs in the order in which they are claimed, each ended before the next is."""
    order: list[str] = []
    while (run := queue.claim_next("server", limits)) is not None:
        order.append(run.id)
        queue.set_state(run.id, ["running"], "succeeded", fence=("server", run.token), ended=1.0)
    return order


def ends(run: str, token: int, seq: int) -> Group:
    """What a server writes when a run ends: a call that was made, two events, a log, the end."""
    end: dict[str, object] = {"wanted": run, "new_state": "succeeded", "new_faults": b"[]", "new_manifest": b"{}"}
    end |= {"new_results": b"{}", "new_ended": 9.0}
    return Group(
        run_ends=[end],
        made=[(run, Made(KEY, "t/n", b"{}", {"value": inline(1)}, 0.1))],
        told=[(run, seq, event(run, seq)), (run, seq + 1, event(run, seq + 1))],
        logs=[{"run": run, "number": seq, "at": 1.0, "step": "a", "item": None, "text": "told"}],
        tokens={run: token},
    )
