"""What is told of calls under way: how long they still take, and no more of it than anyone can look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from diorama.catalogue import Entry, Pack
from diorama.context import Context
from diorama.execute.call import Progressed
from diorama.node import Cost, node
from diorama.run import events as told
from diorama.run.expectation import Expectation
from diorama.run.live import PROGRESS_SECONDS, Live
from diorama.run.tasks import Job


@node(cost=Cost(seconds=10.0))
def long(ctx: Context) -> int:
    """Take ten seconds."""
    return 1


class Learned:
    """A store that has learned nothing."""

    def learned(self) -> dict[str, float]:
        return {}


@dataclass
class Heard:
    """A run that listens."""

    id: str = "r"
    is_going: bool = True
    events: list[Any] = field(default_factory=list)

    def listener(self, event: Any) -> None:
        self.events.append(event)


class OneCall:
    """A call of `long` under way for a run, on a clock of its own."""

    def __init__(self) -> None:
        self.now = 100.0
        self.run = Heard()
        interface = type("I", (), {"entry": Entry("t/long", Pack("t", "1"), long)})
        kind = type("K", (), {"interface": interface})
        step = type("S", (), {"kind": kind, "id": "a"})
        task: Any = type("T", (), {"run": self.run, "step": step, "item": None})
        self.task = task
        self.job = Job([task], call=1, began=100.0)
        self.expectation = Expectation(Learned(), lambda: self.now)  # type: ignore[arg-type]
        self.live = Live(self.expectation, lambda: self.now, lambda: self.now)

    def say(self, fraction: float) -> None:
        self.live.hear(self.job, Progressed(1, fraction, ""), [self.task])

    def pass_on(self) -> None:
        self.live.pass_on_due(lambda job: [self.task])

    @property
    def fractions(self) -> list[float]:
        return [event.fraction for event in self.run.events if isinstance(event, told.CallProgress)]


LEFT = [
    pytest.param(0.0, 0.0, 10.0, id="nothing done: as calls of the node take"),
    pytest.param(0.0, 4.0, 6.0, id="nothing told yet, but some of that has passed"),
    pytest.param(0.5, 2.0, 2.0, id="half done: as fast as it went so far"),
    pytest.param(0.25, 2.0, 7.0, id="a quarter done: half by either"),
    pytest.param(1.0, 30.0, 0.0, id="all done"),
    pytest.param(0.0, 60.0, 0.0, id="longer than expected: never below nothing"),
]


@pytest.mark.parametrize(("fraction", "taken", "left"), LEFT)
def test_the_time_left_goes_by_what_is_known(fraction: float, taken: float, left: float) -> None:
    one = OneCall()
    assert one.expectation.left(one.task.step, 1, taken, fraction) == left


def test_progress_that_comes_too_fast_is_passed_on_when_it_is_due_and_only_the_latest() -> None:
    one = OneCall()
    for fraction in (0.1, 0.2, 0.3):
        one.say(fraction)
    one.pass_on()
    assert one.fractions == [0.1]
    assert one.live.dues() == [100.0 + PROGRESS_SECONDS]
    one.now += PROGRESS_SECONDS
    one.pass_on()
    one.pass_on()
    assert one.fractions == [0.1, 0.3]


def test_the_end_of_progress_waits_for_nothing() -> None:
    one = OneCall()
    for fraction in (0.1, 0.2, 1.0):
        one.say(fraction)
    assert one.fractions == [0.1, 1.0]
    assert one.live.dues() == []


def test_of_a_call_that_has_ended_nothing_held_back_is_told() -> None:
    one = OneCall()
    one.say(0.1)
    one.say(0.2)
    one.live.forget(1)
    one.now += 1.0
    one.pass_on()
    assert one.fractions == [0.1]
    assert not one.live


def test_a_run_that_wants_the_call_no_longer_hears_nothing() -> None:
    one = OneCall()
    one.run.is_going = False
    one.say(0.1)
    assert one.fractions == []
