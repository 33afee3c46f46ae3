"""A server that dies at any step of a run's way through the queue loses nothing accepted and doubles nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from tests.support.deaths import NAMES, Deaths, deaths, promise
from tests.support.queued import WIDE, ends, event, new

from diorama.store import care
from diorama.store.calls import CallStore
from diorama.store.fault_points import QUEUE_POINTS
from diorama.store.queue import Promised, Queue
from diorama.store.run_rows import RunRows

TIMES = {"queue": 3, "claim": 2, "end": 1, "state": 3}
"""How often the work comes by the points of each step."""
PLACES = [f"{point}:{count + 1}" for point in QUEUE_POINTS for count in range(TIMES[point.partition("-")[0]])]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def dead(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deaths]:
    with deaths(tmp_path_factory.mktemp("dead"), "queue", PLACES, request.param, request) as found:
        yield found


def recovered(store: CallStore) -> Queue:
    """The queue as the next server finds it, with all that was under way queued again."""
    queue = Queue(store)
    for run in queue.interrupt("dead", tell=event):
        queue.requeue(run.id, ["interrupted"], tell=event)
    for run in RunRows(store).page(state="paused").items:
        queue.requeue(run.id, ["paused"], tell=event)
    return queue


def submitted_again(queue: Queue) -> list[str]:
    """What a client that heard nothing sends once more; gives the runs that are new by it."""
    fresh: list[str] = []
    for name in NAMES:
        earlier = queue.add([new(f"{name} again", client="a")], promise=promise(name), tell=event)
        assert earlier in (None, Promised("run", name))
        if earlier is None:
            fresh.append(name)
    return fresh


@pytest.mark.parametrize("place", PLACES)
def test_nothing_accepted_is_lost_and_nothing_is_done_twice(dead: Deaths, place: str) -> None:
    assert dead.codes[place] == 137, f"{place} was not reached"
    done = dead.noted(place)
    with closing(dead.opened(place)) as store:
        rows = RunRows(store)
        there = {run.id: run.state for run in rows.page().items}
        for name in NAMES:
            assert f"accepted {name}" not in done or name in there
        assert "ended a.0" not in done or there["a.0"] == "succeeded"
        assert "cancelled a.1" not in done or there["a.1"] == "cancelled"
        queue = recovered(store)
        fresh = submitted_again(queue)
        assert set(fresh) == set(NAMES) - set(there), "each submission is one run, however often it comes"
        begun = drained(store, queue)
        over = [name for name, state in there.items() if state in ("succeeded", "cancelled")]
        assert sorted(begun) == sorted({*there, *(f"{name} again" for name in fresh)} - {*over})
        assert all(run.state in ("succeeded", "cancelled") for run in rows.page().items)
        for run in rows.page().items:
            numbers = [told["seq"] for told in store.journal(run.id)]
            assert numbers == list(range(1, len(numbers) + 1)), "a journal has no gap"
        assert care.verify(store).database == "ok"


def drained(store: CallStore, queue: Queue) -> list[str]:
    """Every run that waits, taken to its end."""
    begun: list[str] = []
    while (run := queue.claim_next("heir", WIDE)) is not None:
        begun.append(run.id)
        store.write(ends(run.id, run.token, RunRows(store).last_seq(run.id) + 1))
    return begun
