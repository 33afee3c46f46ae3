"""While a request is under way the engine's thread steps aside for a moment, and never for long."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import pytest

from diorama.run.right_of_way import ASIDE_SECONDS, QUICK_SECONDS, STILL_SECONDS, STRETCH_SECONDS, RightOfWay


class Street:
    """A right of way under a clock that moves while the engine's thread waits."""

    def __init__(self) -> None:
        self.now = 100.0
        self.waited: list[float] = []
        self.meanwhile: Callable[[], None] = lambda: None
        """What happens while the thread stands aside."""
        self.way = RightOfWay(lambda: self.now, self._wait)

    def _wait(self, is_clear: Event, seconds: float) -> None:
        begun = self.now
        self.meanwhile()
        if not is_clear.is_set():
            self.now = begun + seconds
        self.waited.append(self.now - begun)

    def after(self, seconds: float) -> list[float]:
        """How long the thread stands aside that comes some seconds later."""
        self.now += seconds
        self.waited.clear()
        self.way.give_way()
        return [round(one, 6) for one in self.waited]


@pytest.fixture
def street() -> Street:
    return Street()


def test_where_nobody_asks_anything_the_engine_goes_on(street: Street) -> None:
    assert street.after(0.0) == []
    street.way.enter("a")
    street.way.leave("a")
    street.way.leave("a")
    assert street.after(0.0) == []


def test_the_engine_waits_until_the_last_answer_is_out(street: Street) -> None:
    street.way.enter("a")
    street.way.enter("b")

    def leave() -> None:
        street.way.leave("a")
        street.now += 0.002
        street.way.leave("b")

    street.meanwhile = leave
    assert street.after(0.001) == [0.002]


def test_the_engine_does_not_wait_for_long(street: Street) -> None:
    street.way.enter("a")
    assert street.after(0.001) == [ASIDE_SECONDS]


def test_the_engine_works_at_least_as_long_as_it_stood_aside(street: Street) -> None:
    street.way.enter("a")
    assert street.after(0.0) == [ASIDE_SECONDS]
    street.way.enter("b")
    assert street.after(ASIDE_SECONDS * 0.9) == [STILL_SECONDS]
    assert street.after(ASIDE_SECONDS * 0.2) == [ASIDE_SECONDS]


def test_a_request_that_takes_long_is_not_waited_for(street: Street) -> None:
    street.way.enter("an upload")
    assert street.after(QUICK_SECONDS * 1.1) == [STILL_SECONDS]
    street.way.enter("a")
    street.meanwhile = lambda: street.way.leave("a")
    assert street.after(0.001) == [0.0]


def test_the_engine_stands_still_once_in_a_while_for_those_that_could_not_say_yet_that_they_came(
    street: Street,
) -> None:
    assert street.after(STRETCH_SECONDS * 0.6) == []
    assert street.after(STRETCH_SECONDS * 0.6) == [STILL_SECONDS]
    assert street.after(STRETCH_SECONDS * 0.6) == []


def test_having_stepped_aside_counts_as_standing_still(street: Street) -> None:
    street.way.enter("a")
    assert street.after(STRETCH_SECONDS * 0.9) == [ASIDE_SECONDS]
    street.way.leave("a")
    assert street.after(STRETCH_SECONDS * 0.9) == []
