"""What a server writes of a run that was taken from it is refused, and costs none of its other runs anything."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.support.queued import KEY, claimed, ends, event, new

from diorama.store.calls import CallStore
from diorama.store.queue import Queue
from diorama.store.run_rows import RunRows


def taken_over(queue: Queue) -> None:
    queue.interrupt("old", tell=event)
    queue.requeue("a.1", ["interrupted"], tell=event)
    assert claimed(queue, owner="heir").id == "a.1"


TAKEN: dict[str, tuple[Callable[[Queue], object], str | None]] = {
    "interrupted": (lambda queue: queue.interrupt("old", tell=event), "interrupted"),
    "interrupted and taken over": (taken_over, "running"),
    "let go as paused": (lambda queue: queue.set_state("a.1", ["running"], "paused", tell=event), "paused"),
    "ended by someone else": (lambda queue: queue.set_state("a.1", ["running"], "failed", tell=event), "failed"),
    "deleted": (lambda queue: queue.delete("a.1", ["running"]), None),
}


@pytest.mark.parametrize("name", TAKEN)
def test_the_late_end_of_a_run_that_was_taken_is_refused(queue: Queue, store: CallStore, name: str) -> None:
    take, state = TAKEN[name]
    queue.add([new("a.1"), new("a.2")], tell=event)
    token, other = claimed(queue, owner="old").token, claimed(queue, owner="still here")
    take(queue)
    told = store.journal("a.1")
    late = ends("a.1", token, seq=2)
    fine = ends(other.id, other.token, seq=2)
    late.run_ends += fine.run_ends
    late.told += fine.told
    late.logs += fine.logs
    late.tokens |= fine.tokens
    assert store.write(late) == []
    assert late.lost == {"a.1"}
    assert store.journal("a.1") == told
    assert store.record("a.1") == b""
    if state is not None:
        assert RunRows(store).get("a.1").state == state
    assert RunRows(store).get("a.2").state == "succeeded"
    assert [one["seq"] for one in store.journal("a.2")] == [1, 2, 3]
    assert KEY in store.by_key([KEY]), "what was made is true whoever made it"


def test_the_owner_ends_its_run_once(queue: Queue, store: CallStore) -> None:
    queue.add([new("a.1")], tell=event)
    token = claimed(queue).token
    group = ends("a.1", token, seq=2)
    store.write(group)
    assert group.lost == set()
    found = RunRows(store).get("a.1")
    assert (found.state, found.owner, found.ended) == ("succeeded", None, 9.0)
    again = ends("a.1", token, seq=4)
    store.write(again)
    assert again.lost == {"a.1"}
    assert len(store.journal("a.1")) == 3
