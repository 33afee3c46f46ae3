"""Which call goes next: the order by itself, and against first-come on mixed work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diorama.lease.order import Caller, Order, Spot


def waiting(*models: str, priority: int = 0, since: float = 0.0) -> Caller:
    return Caller(models, priority, since)


def spot(*resident: str, device: str = "gpu0") -> Spot:
    return Spot(device, frozenset(resident))


@dataclass(frozen=True)
class Case:
    waiting: Sequence[Caller]
    spots: Sequence[Spot]
    picks: Sequence[tuple[int, str]]
    """Index of the call and the device, the best pair first."""


CASES = {
    "nothing waits": Case([], [spot()], []),
    "no device is free": Case([waiting("a")], [], []),
    "the first goes first where nothing is loaded": Case([waiting("a"), waiting("b")], [spot()], [(0, "gpu0")]),
    "a call whose model is loaded goes before the first": Case(
        [waiting("a"), waiting("b")], [spot("b")], [(1, "gpu0")]
    ),
    "half of what a call needs does not count as loaded": Case(
        [waiting("a"), waiting("b", "c")], [spot("b")], [(0, "gpu0")]
    ),
    "all of what a call needs does": Case([waiting("a"), waiting("b", "c")], [spot("b", "c", "d")], [(1, "gpu0")]),
    "a call without models is never a swap": Case([waiting("a"), waiting()], [spot("b")], [(1, "gpu0")]),
    "priority goes before what is loaded": Case([waiting("a", priority=1), waiting("b")], [spot("b")], [(0, "gpu0")]),
    "one that has waited so long that it stands first goes before priority too": Case(
        [waiting("a"), waiting("b", priority=1)], [spot("b")], [(0, "gpu0")]
    ),
    "the device that has the model is chosen": Case(
        [waiting("a")], [spot("b"), spot("a", device="gpu1")], [(0, "gpu1"), (0, "gpu0")]
    ),
    "each device goes on with its own models": Case(
        [waiting("a"), waiting("b")], [spot("b"), spot("a", device="gpu1")], [(0, "gpu1"), (1, "gpu0")]
    ),
    "of two swaps the one for the first call is the better": Case(
        [waiting("a"), waiting("b")], [spot("x"), spot("b", device="gpu1")], [(1, "gpu1"), (0, "gpu0")]
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_who_goes_next(case: Case) -> None:
    picks = Order().picks(case.waiting, case.spots, now=1.0)
    assert [(number, spot.device) for number, spot in picks] == case.picks


def test_a_swap_goes_where_it_costs_the_least() -> None:
    both = waiting("a", "b")
    spots = [spot("a"), spot("b", device="gpu1")]
    costs = {"a": 3.0, "b": 20.0}
    assert Order().picks([both], spots, 0.0, costs)[0][1].device == "gpu1"
    assert Order().picks([both], spots, 0.0, {"a": 20.0, "b": 3.0})[0][1].device == "gpu0"


def test_a_turn_ends_after_so_many_calls_where_an_older_one_waits() -> None:
    order = Order(turn_calls=3)
    old, loaded = waiting("a"), waiting("b")
    for _ in range(3):
        ((number, at),) = order.picks([old, loaded], [spot("b")], now=0.0)
        assert number == 1
        order.began(loaded, at, now=0.0)
    assert order.picks([old, loaded], [spot("b")], now=0.0)[0][0] == 0
    assert order.picks([loaded, old], [spot("b")], now=0.0)[0][0] == 0, "the other is not older"
    order.began(old, spot("b"), now=0.0)
    assert order.picks([loaded, old], [spot("a")], now=0.0)[0][0] == 1, "a load begins a new turn"


def test_a_turn_ends_after_so_long() -> None:
    order = Order(turn_seconds=60.0)
    both = [waiting("a"), waiting("b")]
    order.began(both[1], spot("x"), now=10.0)
    assert order.picks(both, [spot("b")], now=69.0)[0][0] == 1
    assert order.picks(both, [spot("b")], now=70.0)[0][0] == 0


def test_a_turn_is_that_of_one_device() -> None:
    order = Order(turn_calls=1)
    both = [waiting("a"), waiting("b")]
    order.began(both[1], spot("b"), now=0.0)
    picks = order.picks(both, [spot("b"), spot("b", device="gpu1")], now=0.0)
    assert [(number, at.device) for number, at in picks] == [(1, "gpu1"), (0, "gpu0")]


# Whole queues on one device that has room for one set of models

Arrival = tuple[float, str, int]
"""When a call comes, the model it needs, and the priority of its run."""


@dataclass
class Outcome:
    order: list[int]
    """Indices of arrivals in the order in which they began."""
    swaps: int
    overtakes: dict[int, int]
    """By how many later calls of its priority each was overtaken."""
    waits: dict[int, float]


def first_come(heads: Sequence[Caller], spots: Sequence[Spot], now: float) -> int:
    return max(range(len(heads)), key=lambda number: (heads[number].priority, -number))


def served(arrivals: Sequence[Arrival], order: Order | None, call: float = 1.0, swap: float = 5.0) -> Outcome:
    """Serve a queue as the lanes offer it: one head for each model, in the order in which calls came."""
    outcome = Outcome([], 0, {}, {})
    now, resident, left = 0.0, "", list(enumerate(arrivals))
    while left:
        came = [(number, one) for number, one in left if one[0] <= now]
        if not came:
            now = min(one[0] for _, one in left)
            continue
        came.sort(key=lambda one: (-one[1][2], one[1][0], one[0]))
        heads: dict[str, tuple[int, Arrival]] = {}
        for number, one in came:
            heads.setdefault(one[1], (number, one))
        # A lane has a heap for each set of models; its head is the one that should go first.
        offered = list(heads.values())
        callers = [Caller((one[1],), one[2], one[0]) for _, one in offered]
        spots = [Spot("gpu0", frozenset([resident]))]
        chosen = order.picks(callers, spots, now)[0][0] if order else first_come(callers, spots, now)
        if order:
            order.began(callers[chosen], spots[0], now)
        number, one = offered[chosen]
        left.remove((number, one))
        for other, (_, _, priority) in came:
            if other < number and other in dict(left) and priority == one[2]:
                outcome.overtakes[other] = outcome.overtakes.get(other, 0) + 1
        outcome.order.append(number)
        outcome.waits[number] = now - one[0]
        outcome.swaps += resident != one[1]
        now += call + (swap if resident != one[1] else 0.0)
        resident = one[1]
    return outcome


def arrivals(most: int = 40, priorities: int = 1, spread: float = 0.0) -> st.SearchStrategy[list[Arrival]]:
    when = st.floats(0.0, spread).map(lambda value: round(value, 1)) if spread else st.just(0.0)
    one = st.tuples(when, st.sampled_from("abcd"), st.integers(0, priorities - 1))
    return st.lists(one, min_size=1, max_size=most).map(lambda made: sorted(made, key=lambda arrival: arrival[0]))


@given(arrivals())
def test_a_queue_takes_no_more_swaps_than_first_come(queue: list[Arrival]) -> None:
    assert served(queue, Order()).swaps <= served(queue, None).swaps


@given(arrivals(most=30))
def test_a_queue_without_a_bound_takes_one_swap_a_model(queue: list[Arrival]) -> None:
    unbound = Order(turn_calls=10**6, turn_seconds=1e9)
    assert served(queue, unbound).swaps == len({model for _, model, _ in queue})


@pytest.mark.parametrize(("calls", "swaps"), [(20, 4), (60, 4), (400, 28)])
def test_mixed_work_takes_far_fewer_swaps(calls: int, swaps: int) -> None:
    queue: list[Arrival] = [(0.0, "abcd"[number % 4], 0) for number in range(calls)]
    assert (served(queue, Order()).swaps, served(queue, None).swaps) == (swaps, calls)


@given(arrivals(spread=60.0, most=60))
def test_nobody_is_overtaken_by_more_than_a_turn_of_each_other_model(queue: list[Arrival]) -> None:
    outcome = served(queue, Order(turn_calls=4, turn_seconds=1e9))
    assert sorted(outcome.order) == list(range(len(queue)))
    others = len({model for _, model, _ in queue}) - 1
    assert max(outcome.overtakes.values(), default=0) <= 4 * others


@given(arrivals(spread=60.0, most=60))
def test_nobody_is_overtaken_for_longer_than_a_turn_of_each_other_model(queue: list[Arrival]) -> None:
    outcome = served(queue, Order(turn_calls=10**6, turn_seconds=10.0))
    others = len({model for _, model, _ in queue}) - 1
    # A turn begins with a load of 5 s, and ends with the call of 1 s that is under way when its time is over.
    assert max(outcome.overtakes.values(), default=0) <= (10.0 - 5.0 + 1.0) * others


@given(arrivals(priorities=3, most=30))
def test_priorities_come_before_models(queue: list[Arrival]) -> None:
    begun = served(queue, Order()).order
    priorities = [queue[number][2] for number in begun]
    assert priorities == sorted(priorities, reverse=True)


@given(arrivals(priorities=2, spread=30.0))
def test_the_same_queue_is_served_the_same_twice(queue: list[Arrival]) -> None:
    make: Callable[[], Order] = lambda: Order(turn_calls=2)  # noqa: E731
    assert served(queue, make()) == served(queue, make())
