"""Who waits for which call: what it costs where very many do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from diorama.keys import digest_of
from diorama.run.flights import Flights
from diorama.run.state import Run
from diorama.run.tasks import Job, Task

KEY = digest_of(b"a call")
MANY = 1000


@dataclass
class Asked:
    """A run that counts how often its priority is looked at."""

    value: int
    looks: int = 0
    is_going: bool = True
    takes_calls: bool = True

    @property
    def priority(self) -> int:
        self.looks += 1
        return self.value


def of(run: Asked, number: int) -> Task:
    """A step of a run that wants the call."""
    return Task(cast(Run, run), number, None, {}, KEY)


def test_however_many_steps_of_a_run_wait_for_a_call_one_more_costs_the_same() -> None:
    flights, few, many = Flights(), Asked(1), Asked(0)
    flights.begin([of(few, 0)])
    for number in range(MANY):
        assert not flights.join(of(many, number))
    # Its own and that of those who wait: no step's but one of each run.
    assert (few.looks, many.looks) == (MANY, 2 * MANY - 1)
    job = Job([of(few, 0)])
    assert flights.priority_of(job) == 1
    assert len(list(flights.of(job))) == MANY + 1


def test_a_more_important_run_makes_a_call_more_important() -> None:
    flights = Flights()
    flights.begin([of(Asked(0), 0)])
    assert flights.join(of(Asked(5), 0))
    assert not flights.join(of(Asked(5), 1))
    assert flights.priority_of(Job([of(Asked(0), 0)])) == 5


def test_a_call_is_wanted_while_any_run_that_waits_for_it_goes_on() -> None:
    flights, first, second = Flights(), Asked(0), Asked(0)
    flights.begin([of(first, 0)])
    flights.join(of(second, 0))
    job = Job([of(first, 0)])
    first.is_going = False
    assert flights.is_wanted(job)
    second.is_going = False
    assert not flights.is_wanted(job)
    assert flights.is_of(job, cast(Run, second))
    assert not flights.is_of(job, cast(Run, Asked(0)))
