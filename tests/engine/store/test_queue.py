"""The queue: what is accepted stays, goes in turn, moves when it is told to, and ends once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from tests.support.queued import WIDE, Time, claimed, drained, event, new

from diorama.faults import DioramaError
from diorama.keys import digest_of
from diorama.refusals import KeyReused, NoSuch, WrongState
from diorama.store.calls import CallStore
from diorama.store.queue import NewBatch, Promise, Promised, Queue
from diorama.store.run_rows import RunRows
from diorama.store.tables import events, promises, runs
from diorama.store.turns import AGED_EVERY, AGED_SECONDS, Limits

ORDERS: dict[str, tuple[list[tuple[str, int]], list[str]]] = {
    "one client's runs go in the order they came": (
        [("a.1", 0), ("a.2", 0), ("a.3", 0)],
        ["a.1", "a.2", "a.3"],
    ),
    "the higher priority goes first": (
        [("a.1", 0), ("a.2", 5), ("a.3", -5), ("a.4", 5)],
        ["a.2", "a.4", "a.1", "a.3"],
    ),
    "clients of one priority take turns": (
        [("a.1", 0), ("a.2", 0), ("a.3", 0), ("b.1", 0), ("b.2", 0), ("c.1", 0)],
        ["a.1", "b.1", "c.1", "a.2", "b.2", "a.3"],
    ),
    "a client's urgent run goes before anyone's turn": (
        [("a.1", 0), ("b.1", 0), ("b.2", 1)],
        ["b.2", "a.1", "b.1"],
    ),
    "priorities may be far apart": (
        [("a.1", -2_000_000_000), ("a.2", 2_000_000_000)],
        ["a.2", "a.1"],
    ),
}


@pytest.mark.parametrize("name", ORDERS)
def test_runs_go_in_turn(queue: Queue, name: str) -> None:
    given, wanted = ORDERS[name]
    queue.add([new(run, priority) for run, priority in given])
    assert drained(queue) == wanted


def test_the_client_with_the_fewest_runs_under_way_goes_first(queue: Queue) -> None:
    queue.add([new(f"a.{number}") for number in range(4)])
    assert [claimed(queue).id, claimed(queue).id] == ["a.0", "a.1"]
    queue.add([new(f"b.{number}") for number in range(4)])
    assert [claimed(queue).id for _ in range(3)] == ["b.0", "b.1", "a.2"]


def test_a_claimed_run_is_its_owners_under_a_higher_token(queue: Queue, wall: Time) -> None:
    queue.add([new("a.1")])
    wall.now += 5
    first = claimed(queue, owner="one")
    assert (first.state, first.owner, first.token, first.attempt, first.started) == ("running", "one", 1, 1, wall.now)
    assert queue.owned("one") == {"a.1": 1}
    queue.interrupt("one")
    queue.requeue("a.1", ["interrupted"])
    again = claimed(queue, owner="other")
    assert (again.owner, again.attempt) == ("other", 2)
    assert again.token > first.token


LIMITS = {
    "as many as one server may have": (Limits(2), ["a.0", "b.0"]),
    "as many as one client may have": (Limits(10, 1), ["a.0", "b.0", "c.0"]),
    "none": (Limits(0), []),
    "the narrower of two": (Limits(4, 2), ["a.0", "b.0", "c.0", "a.1"]),
}


@pytest.mark.parametrize("name", LIMITS)
def test_no_more_runs_are_under_way_than_the_limits_allow(queue: Queue, name: str) -> None:
    limits, wanted = LIMITS[name]
    queue.add([new(f"{client}.{number}") for number in range(3) for client in "abc"])
    taken: list[str] = []
    while (run := queue.claim_next("server", limits)) is not None:
        taken.append(run.id)
    assert taken == wanted


def test_a_clients_limit_counts_on_all_servers_and_a_servers_on_its_own(queue: Queue) -> None:
    queue.add([new("a.1"), new("a.2"), new("b.1")])
    assert claimed(queue, Limits(1, 1), "one").id == "a.1"
    assert queue.claim_next("one", Limits(1, 1)) is None
    assert claimed(queue, Limits(1, 1), "two").id == "b.1"
    assert queue.claim_next("three", Limits(1, 1)) is None
    assert claimed(queue, Limits(1, None), "three").id == "a.2"


def test_a_client_at_its_limit_does_not_hold_up_lower_priorities(queue: Queue) -> None:
    queue.add([new("a.1", 9), new("a.2", 9), new("b.1", 1)])
    assert [claimed(queue, Limits(9, 1)).id for _ in range(2)] == ["a.1", "b.1"]


def test_a_low_priority_is_passed_over_for_a_while_but_not_for_ever(queue: Queue, wall: Time) -> None:
    queue.add([new("low.1", -1), new("low.2", -1)])
    taken: list[str] = []
    for number in range(100):
        queue.add([new(f"high.{number}", 5)])
        taken.append(claimed(queue).id)
        queue.set_state(taken[-1], ["running"], "succeeded", ended=wall.now)
        wall.now += AGED_SECONDS / 10
    lows = [number for number, run in enumerate(taken) if run.startswith("low")]
    assert [taken[number] for number in lows] == ["low.1", "low.2"]
    assert lows[0] >= 10, "it goes out of turn only when it has waited for long"
    assert lows[0] <= 10 + AGED_EVERY
    assert lows[1] == lows[0] + AGED_EVERY


def test_what_is_queued_again_keeps_its_place_or_goes_to_the_end(queue: Queue) -> None:
    queue.add([new("a.1"), new("a.2"), new("a.3"), new("a.4")])
    for _ in range(2):
        queue.set_state(claimed(queue).id, ["running"], "paused")
    queue.requeue("a.1", ["paused"])
    queue.requeue("a.2", ["paused"], at_end=True)
    assert drained(queue) == ["a.1", "a.3", "a.4", "a.2"]


def test_runs_queued_later_stand_behind_although_the_clock_was_set_back(queue: Queue, wall: Time) -> None:
    queue.add([new("a.1"), new("a.2")])
    wall.now -= 3600
    queue.add([new("a.3")])
    wall.now += 7200
    queue.add([new("a.4")])
    assert drained(queue) == ["a.1", "a.2", "a.3", "a.4"]


# What is promised


def test_the_same_submission_twice_is_one_run(queue: Queue, store: CallStore) -> None:
    promise = Promise("a", "key", digest_of(b"request"))
    assert queue.add([new("a.1")], promise=promise) is None
    assert queue.add([new("a.2")], promise=promise) == Promised("run", "a.1")
    assert queue.add([new("b.1")], promise=replace(promise, client="b")) is None
    assert sorted(drained(queue)) == ["a.1", "b.1"]


def test_a_key_that_comes_with_another_request_is_refused(queue: Queue) -> None:
    promise = Promise("a", "key", digest_of(b"request"))
    queue.add([new("a.1")], promise=promise)
    with pytest.raises(KeyReused, match=r"Q003.*'key' was used for another request"):
        queue.add([new("a.2")], promise=replace(promise, request=digest_of(b"another")))
    assert drained(queue) == ["a.1"]


def test_a_batch_is_accepted_whole_or_not_at_all(queue: Queue, store: CallStore) -> None:
    batch = NewBatch("b", "many", "a", b'{"nodes":{}}')
    queue.add([new("a.1")])
    twice = [replace(new(name), batch="b", graph=b"") for name in ("a.2", "a.3", "a.1")]
    with pytest.raises(DioramaError, match="S001"):
        queue.add(twice, batch=batch, promise=Promise("a", "key", digest_of(b"x")), tell=event)
    with store.reading() as connection:
        for table in (events, promises):
            assert connection.execute(select(func.count()).select_from(table)).scalar() == 0
    with pytest.raises(NoSuch):
        RunRows(store).batch("b")
    promise = Promise("a", "key", digest_of(b"x"))
    assert queue.add(twice[:2], batch=batch, promise=promise, tell=event) is None
    assert queue.add(twice[:2], batch=batch, promise=promise, tell=event) == Promised("batch", "b")
    found = RunRows(store).batch("b")
    assert (found.runs, found.states) == (2, {"queued": 2})
    assert RunRows(store).graph("a.2") == b'{"nodes":{}}'


def test_what_is_accepted_tells_so_in_its_journal(queue: Queue, store: CallStore) -> None:
    queue.add([new("a.1"), new("a.2")], tell=event)
    queue.cancel(run="a.2", tell=event)
    assert [told["seq"] for told in store.journal("a.2")] == [1, 2]
    assert RunRows(store).last_seq("a.1") == 1


def test_ten_thousand_runs_are_accepted_in_one_call(queue: Queue, store: CallStore) -> None:
    batch = NewBatch("b", "many", "a", b"{}")
    queue.add([replace(new(f"a.{number}"), batch="b") for number in range(10_000)], batch=batch, tell=event)
    assert RunRows(store).counts() == {"queued": 10_000}
    assert [claimed(queue).id for _ in range(3)] == ["a.0", "a.1", "a.2"]
    assert len(queue.cancel(batch="b", tell=event)) == 9_997
    assert RunRows(store).counts("b") == {"running": 3, "cancelled": 9_997}
    assert [told["seq"] for told in store.journal("a.9999")] == [1, 2]


# Who may change what


def test_a_state_is_changed_only_from_one_that_was_expected(queue: Queue, store: CallStore) -> None:
    queue.add([new("a.1")])
    with pytest.raises(WrongState, match=r"Q002.*the run is queued, but one that is running or paused is wanted"):
        queue.set_state("a.1", ["running", "paused"], "failed")
    with pytest.raises(NoSuch, match=r"Q001.*there is no run 'a.9'"):
        queue.set_state("a.9", ["running"], "failed")
    run = claimed(queue)
    ended = queue.set_state("a.1", ["running"], "failed", ended=7.0, faults=b'["told"]', tell=event)
    assert (ended.state, ended.owner, ended.ended, ended.faults) == ("failed", None, 7.0, b'["told"]')
    assert RunRows(store).get(run.id) == ended


@pytest.mark.parametrize("late", [("one", 1), ("two", 1), ("one", 99)])
def test_an_owner_whose_token_is_old_is_refused(queue: Queue, late: tuple[str, int]) -> None:
    queue.add([new("a.1")])
    claimed(queue, owner="one")
    queue.interrupt("one")
    queue.requeue("a.1", ["interrupted"])
    heir = claimed(queue, owner="two")
    with pytest.raises(WrongState, match="still with server"):
        queue.set_state("a.1", ["running"], "succeeded", fence=late)
    assert queue.set_state("a.1", ["running"], "succeeded", fence=("two", heir.token)).state == "succeeded"


def test_a_cancel_of_what_waits_wins_once(queue: Queue) -> None:
    queue.add([new("a.1"), new("a.2"), new("b.1")])
    running = claimed(queue).id
    assert queue.cancel(run="a.2") == ["a.2"]
    assert queue.cancel(run="a.2") == []
    assert queue.cancel(run=running) == [], "it is under way"
    assert queue.cancel(client="b") == ["b.1"]
    assert queue.claim_next("server", WIDE) is None


def test_everything_that_waits_is_cancelled_at_once(queue: Queue, store: CallStore) -> None:
    queue.add([new(f"{client}.{number}") for client in "ab" for number in range(3)])
    queue.set_state(claimed(queue).id, ["running"], "paused")
    assert sorted(queue.cancel()) == ["a.1", "a.2", "b.0", "b.1", "b.2"]
    assert queue.cancel(states=["paused"]) == ["a.0"]
    assert RunRows(store).counts() == {"cancelled": 6}


def test_a_wish_reaches_the_owner_and_a_cancel_stays(queue: Queue) -> None:
    queue.add([new("a.1"), new("a.2")])
    claimed(queue, owner="one")
    assert queue.wish("a.1", "pause") == "one"
    assert queue.wish("a.1", "cancel") == "one"
    assert queue.wish("a.1", "pause") == "one"
    assert queue.wishes("one") == {"a.1": "cancel"}
    assert queue.wish("a.2", "cancel") is None, "nobody has it under way"
    assert queue.wish("a.9", "cancel") is None
    assert queue.wishes("two") == {}


def test_runs_of_a_dead_server_are_interrupted_or_cancelled_where_that_was_asked(
    queue: Queue, store: CallStore, wall: Time
) -> None:
    queue.add([new("a.1"), new("a.2"), new("a.3")], tell=event)
    for _ in range(2):
        claimed(queue, owner="dead")
    claimed(queue, owner="alive")
    queue.wish("a.2", "cancel")
    wall.now += 1
    taken = queue.interrupt("dead", tell=event)
    assert [(run.id, run.state, run.ended) for run in taken] == [
        ("a.1", "interrupted", None),
        ("a.2", "cancelled", wall.now),
    ]
    assert [told["seq"] for told in store.journal("a.1")] == [1, 2]
    assert queue.interrupt("dead", tell=event) == []
    assert queue.owned("alive") == {"a.3": 1}


def test_a_run_that_is_deleted_takes_all_of_its_own_along(queue: Queue, store: CallStore) -> None:
    queue.add([new("a.1"), new("a.2")], tell=event)
    with pytest.raises(WrongState):
        queue.delete("a.1", ["succeeded", "failed"])
    queue.delete("a.1", ["queued"])
    with pytest.raises(NoSuch):
        queue.delete("a.1", ["queued"])
    assert store.journal("a.1") == []
    assert drained(queue) == ["a.2"]


# Places

MOVES: dict[str, tuple[str, dict[str, str], list[str]]] = {
    "before another": ("a.4", {"before": "a.2"}, ["a.1", "a.4", "a.2", "a.3"]),
    "after another": ("a.1", {"after": "a.3"}, ["a.2", "a.3", "a.1", "a.4"]),
    "before the first": ("a.3", {"before": "a.1"}, ["a.3", "a.1", "a.2", "a.4"]),
    "after the last": ("a.1", {"after": "a.4"}, ["a.2", "a.3", "a.4", "a.1"]),
    "before the next, where it is": ("a.2", {"before": "a.3"}, ["a.1", "a.2", "a.3", "a.4"]),
}


@pytest.mark.parametrize("name", MOVES)
def test_a_run_is_moved(queue: Queue, name: str) -> None:
    run, where, wanted = MOVES[name]
    queue.add([new(f"a.{number}") for number in range(1, 5)])
    queue.move(run, **where)  # type: ignore[arg-type]
    assert drained(queue) == wanted


def test_a_hundred_moves_into_one_gap_find_room(queue: Queue) -> None:
    queue.add([new(f"a.{number}") for number in range(103)])
    for number in range(2, 102):
        queue.move(f"a.{number}", after="a.0")
    assert drained(queue) == ["a.0", *(f"a.{number}" for number in range(101, 1, -1)), "a.1", "a.102"]


def test_a_run_is_moved_between_priorities(queue: Queue) -> None:
    queue.add([new("a.1"), new("a.2"), new("a.3", 5)])
    queue.move("a.2", priority=7)
    moved = queue.move("a.1", before="a.3")
    assert moved.priority == 5
    assert drained(queue) == ["a.2", "a.1", "a.3"]


def test_what_cannot_be_moved_is_told(queue: Queue) -> None:
    queue.add([new("a.1"), new("a.2"), new("b.1")])
    claimed(queue)
    with pytest.raises(WrongState, match="the run is running, but one that is queued is wanted"):
        queue.move("a.1", priority=3)
    with pytest.raises(WrongState):
        queue.move("a.2", before="a.1")
    with pytest.raises(NoSuch):
        queue.move("a.2", after="a.9")
    with pytest.raises(DioramaError, match=r"Q004.*different clients, who take turns"):
        queue.move("a.2", before="b.1")


def test_the_place_in_the_queue_is_told_as_turns_will_go(queue: Queue, store: CallStore) -> None:
    queue.add([new("a.1"), new("a.2"), new("a.3"), new("b.1"), new("b.2"), new("c.1", 1)])
    rows = RunRows(store)
    places = {run: queue.place(rows.get(run)) for run in ("c.1", "a.1", "b.1", "a.2", "b.2", "a.3")}
    assert places == {"c.1": 0, "a.1": 1, "b.1": 2, "a.2": 3, "b.2": 4, "a.3": 5}
    assert drained(queue) == list(places)
    assert queue.place(rows.get("a.1")) is None


def test_far_behind_no_place_is_told(queue: Queue, store: CallStore) -> None:
    queue.add([new(f"a.{number}") for number in range(1002)])
    rows = RunRows(store)
    assert queue.place(rows.get("a.1000")) == 1000
    assert queue.place(rows.get("a.1001")) is None


def test_a_run_without_an_owner_counts_for_nobody(queue: Queue, store: CallStore) -> None:
    queue.add([new("a.1"), new("a.2")])
    with store.writing() as connection:
        connection.execute(runs.update().where(runs.c.id == "a.1").values(state="running"))
    assert claimed(queue, Limits(1, 1)).id == "a.2"
