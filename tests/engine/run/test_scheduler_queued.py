"""The real scheduler in virtual time on runs of a queue: paused, resumed, lost to others, of unequal importance."""

from __future__ import annotations

import os

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.simulated_graphs import Evaluation, edits, graphs
from tests.support.simulated_runs import Heard, Simulation
from tests.support.simulation import Fate, World

from diorama.graph import Graph
from diorama.run import events as told

LONG = os.environ.get("DIORAMA_LONG") == "1"
EXAMPLES = 20_000 if LONG else 300
ATTEMPTS = 50
"""A run of a dozen calls is paused between two of them less often."""

FATES = st.lists(
    st.builds(
        Fate,
        seconds=st.sampled_from([0.0, 0.01, 0.3, 2.0, 8.0]),
        fortune=st.sampled_from(["well", "well", "well", "flaky", "bad", "hangs", "stops"]),
        listens=st.booleans(),
        foreign=st.sampled_from(["nobody", "nobody", "nobody", "finishes", "dies", "gives up"]),
    ),
    min_size=1,
    max_size=6,
)
MOMENTS = st.sampled_from([0.0, 0.001, 0.2, 0.5, 1.0, 2.5, 9.0])


def expect(simulation: Simulation, graph: Graph, heard: Heard) -> Evaluation:
    """A run's end and results are those of a plain evaluation."""
    model = Evaluation(simulation.world)
    assert heard.results() == model.results(graph)
    assert heard.run.state == ("failed" if model.has_failed else "succeeded"), heard.run.faults
    return model


def pause(simulation: Simulation, heard: Heard, counts: dict[str, int]) -> None:
    """Pause a run, and keep in mind how many calls were begun by then."""
    if not heard.run.is_over:
        counts[heard.run.id] = len(simulation.executor.started)
        simulation.scheduler.pause(heard.run.id)


@settings(max_examples=EXAMPLES)
@given(graphs(), FATES, st.integers(1, 3), st.lists(MOMENTS, max_size=4))
def test_a_run_makes_no_call_while_it_is_paused_and_then_goes_on_where_it_was(
    graph: Graph, drawn: list[Fate], capacity: int, pauses: list[float]
) -> None:
    simulation = Simulation(World(drawn), capacity)
    heard = simulation.enqueue(graph)
    for after in [*pauses, None]:
        counts: dict[str, int] = {}
        if after is not None:
            simulation.at(simulation.world.now + after, lambda counts=counts: pause(simulation, heard, counts))  # type: ignore[misc]
        simulation.settle()
        if heard.run.state != "paused":
            break
        assert len(simulation.executor.started) == counts[heard.run.id], "a paused run made a call"
        simulation.drain()
        simulation.resume(heard)
    simulation.settle()
    model = expect(simulation, graph, heard)
    # The executor refuses a call that succeeded before; what is left is that none was made that nobody needs.
    assert not set(simulation.executor.started) - model.demanded
    simulation.drain()
    simulation.check_promises()


@settings(max_examples=EXAMPLES)
@given(graphs(), FATES, st.integers(1, 3), MOMENTS, MOMENTS)
def test_a_cancel_wins_over_a_pause_that_is_not_there_yet(
    graph: Graph, drawn: list[Fate], capacity: int, paused: float, cancelled: float
) -> None:
    simulation = Simulation(World(drawn), capacity)
    heard = simulation.enqueue(graph)
    simulation.at(paused, lambda: pause(simulation, heard, {}))
    simulation.at(cancelled, lambda: simulation.cancel(heard))
    simulation.settle()
    simulation.drain()
    simulation.check_promises()
    assert (heard.run.state == "cancelled") == (heard.cancelled_at is not None)


@settings(max_examples=EXAMPLES)
@given(st.data(), FATES, st.integers(1, 3))
def test_runs_that_are_paused_cancelled_and_taken_away_share_calls_and_each_comes_to_its_end(
    data: st.DataObject, drawn: list[Fate], capacity: int
) -> None:
    graph = data.draw(graphs())
    simulation = Simulation(World(drawn), capacity)
    wanted: list[tuple[Graph, Heard]] = []

    def begin(graph: Graph, priority: int, paused: float | None, cancelled: float | None, lost: float | None) -> None:
        heard = simulation.enqueue(graph, priority)
        wanted.append((graph, heard))
        now = simulation.world.now
        for after, act in (
            (paused, lambda: pause(simulation, heard, {})),
            (cancelled, lambda: simulation.cancel(heard)),
            (lost, lambda: simulation.take_away(heard)),
        ):
            if after is not None:
                simulation.at(now + after, act)

    for _ in range(data.draw(st.integers(2, 4))):
        chosen = data.draw(st.sampled_from([graph, data.draw(edits(graph))]))
        what = (data.draw(st.integers(-1, 2)), *(data.draw(st.none() | MOMENTS) for _ in range(3)))
        simulation.at(data.draw(MOMENTS), lambda chosen=chosen, what=what: begin(chosen, *what))  # type: ignore[misc]
    simulation.settle()
    for _ in range(ATTEMPTS):
        left = [heard for _, heard in wanted if heard.run.state in ("paused", "interrupted")]
        if not left:
            break
        simulation.store.refused.clear()
        for heard in left:
            heard.cancelled_at = None
            simulation.resume(heard)
        simulation.settle()
    simulation.drain()
    simulation.check_promises()
    for asked, heard in wanted:
        if heard.cancelled_at is None:
            expect(simulation, asked, heard)


@settings(max_examples=EXAMPLES // 2)
@given(graphs(), FATES, MOMENTS)
def test_of_a_run_that_another_server_took_nothing_more_is_written_or_told(
    graph: Graph, drawn: list[Fate], after: float
) -> None:
    simulation = Simulation(World(drawn), 2)
    heard = simulation.enqueue(graph)
    simulation.at(after, lambda: simulation.take_away(heard))
    simulation.settle()
    simulation.drain()
    if heard.run.is_lost:
        assert not any(isinstance(event, told.RunEnded) for event in heard.events)
        assert simulation.store.run_states[heard.run.id] == "running"
    else:
        expect(simulation, graph, heard)
