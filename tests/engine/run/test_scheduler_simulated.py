"""The real scheduler in virtual time: thousands of runs of random graphs under random faults."""

from __future__ import annotations

import os

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.simulated_graphs import Evaluation, edits, graphs
from tests.support.simulated_runs import Heard, Simulation
from tests.support.simulation import Fate, World

from diorama.faults import DioramaError
from diorama.graph import Graph

LONG = os.environ.get("DIORAMA_LONG") == "1"
EXAMPLES = 20_000 if LONG else 600

WELL = st.builds(
    Fate,
    seconds=st.sampled_from([0.0, 0.01, 0.3, 2.0]),
    fortune=st.sampled_from(["well", "well", "well", "flaky"]),
    foreign=st.sampled_from(["nobody", "nobody", "nobody", "finishes", "dies", "gives up"]),
)
ANY = st.builds(
    Fate,
    seconds=st.sampled_from([0.0, 0.01, 0.3, 2.0, 8.0]),
    fortune=st.sampled_from(
        ["well", "well", "well", "flaky", "bad", "hangs", "stops", "crashes", "deadly", "tight", "vast"]
    ),
    listens=st.booleans(),
    foreign=st.sampled_from(["nobody", "nobody", "nobody", "finishes", "dies", "gives up"]),
)


def fates(fate: st.SearchStrategy[Fate]) -> st.SearchStrategy[list[Fate]]:
    return st.lists(fate, min_size=1, max_size=6)


def expect(simulation: Simulation, graph: Graph, heard: Heard) -> Evaluation:
    """A run's end and results are those of a plain evaluation."""
    model = Evaluation(simulation.world)
    results = model.results(graph)
    assert heard.results() == results
    assert heard.run.state == ("failed" if model.has_failed else "succeeded"), heard.run.faults
    return model


@settings(max_examples=EXAMPLES)
@given(graphs(), fates(ANY), st.integers(1, 3), st.booleans())
def test_results_are_those_of_a_plain_evaluation_and_a_second_run_makes_no_call(
    graph: Graph, drawn: list[Fate], capacity: int, use_cache: bool
) -> None:
    simulation = Simulation(World(drawn), capacity)
    first = simulation.run(graph, use_cache)
    model = expect(simulation, graph, first)
    started = set(simulation.executor.started)
    assert not started - model.demanded
    if use_cache and not any(fate.foreign == "finishes" for fate in drawn):
        assert started == model.demanded
    simulation.drain()

    simulation.executor.started.clear()
    second = simulation.run(graph)
    expect(simulation, graph, second)
    assert set(simulation.executor.started) == model.volatile | model.failing
    simulation.drain()
    simulation.check_promises()


@settings(max_examples=EXAMPLES)
@given(graphs().flatmap(lambda graph: st.tuples(st.just(graph), edits(graph))), fates(ANY), st.integers(1, 3))
def test_after_a_change_exactly_the_calls_run_whose_inputs_changed(
    pair: tuple[Graph, Graph], drawn: list[Fate], capacity: int
) -> None:
    graph, edited = pair
    simulation = Simulation(World([Fate(fate.seconds, fate.fortune, fate.listens) for fate in drawn]), capacity)
    before = expect(simulation, graph, simulation.run(graph))
    simulation.executor.started.clear()
    after = expect(simulation, edited, simulation.run(edited))
    again = after.volatile | after.failing
    assert set(simulation.executor.started) == (after.demanded - before.demanded) | again
    simulation.drain()
    simulation.check_promises()


@settings(max_examples=EXAMPLES)
@given(st.data(), fates(ANY), st.integers(1, 3))
def test_runs_at_once_share_calls_and_a_cancel_always_wins(
    data: st.DataObject, drawn: list[Fate], capacity: int
) -> None:
    graph = data.draw(graphs())
    simulation = Simulation(World(drawn), capacity)
    wanted: list[tuple[Graph, Heard]] = []

    def begin(graph: Graph, cancelled_after: float | None) -> None:
        heard = simulation.submit(graph)
        wanted.append((graph, heard))
        if cancelled_after is not None:
            simulation.world.at(simulation.world.now + cancelled_after, lambda: simulation.cancel(heard))

    moments = st.sampled_from([0.0, 0.001, 0.2, 0.5, 1.0, 2.5, 9.0])
    for _ in range(data.draw(st.integers(2, 4))):
        chosen = data.draw(st.sampled_from([graph, data.draw(edits(graph))]))
        cancelled = data.draw(st.none() | moments)
        simulation.at(data.draw(moments), lambda chosen=chosen, cancelled=cancelled: begin(chosen, cancelled))  # type: ignore[misc]
    simulation.settle()
    simulation.drain()
    simulation.check_promises()
    for asked, heard in wanted:
        if heard.cancelled_at is None:
            expect(simulation, asked, heard)
    expect(simulation, graph, simulation.run(graph))


@settings(max_examples=EXAMPLES)
@given(
    graphs(),
    fates(ANY),
    st.frozensets(st.integers(1, 12), max_size=3),
    st.frozensets(st.integers(1, 12), max_size=3),
)
def test_a_store_that_fails_ends_every_run_and_the_next_one_makes_it_good(
    graph: Graph, drawn: list[Fate], writes: frozenset[int], reads: frozenset[int]
) -> None:
    simulation = Simulation(World(drawn), 2)
    simulation.executor.may_repeat = True
    simulation.store.failing_writes, simulation.store.failing_reads = writes, reads
    for _ in range(2):
        begin_or_refuse(simulation, graph)
        simulation.settle()
    simulation.drain()
    simulation.check_promises()
    simulation.store.failing_writes = simulation.store.failing_reads = frozenset()
    expect(simulation, graph, simulation.run(graph))


def begin_or_refuse(simulation: Simulation, graph: Graph) -> None:
    """Submit a run; a store that cannot be read refuses it with a fault, and it then leaves nothing behind."""
    try:
        simulation.submit(graph)
    except DioramaError:
        simulation.heard.pop()
        assert simulation.scheduler.is_idle


DAMAGED = st.builds(Fate, fortune=st.sampled_from(["well", "damaged"]))


@settings(max_examples=EXAMPLES // 2)
@given(graphs(), fates(DAMAGED))
def test_a_run_that_meets_a_damaged_value_is_interrupted_and_planned_anew(graph: Graph, drawn: list[Fate]) -> None:
    simulation = Simulation(World(drawn), 2)
    heard = simulation.run(graph)
    for _ in range(100):
        if not heard.run.needs_plan:
            break
        assert heard.run.state == "interrupted"
        simulation.drain()
        heard = simulation.run(graph)
    expect(simulation, graph, heard)
    simulation.drain()
    simulation.check_promises()
