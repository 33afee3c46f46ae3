"""What a plan says will run for certain does run, and nothing runs of which it does not say that it may."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.properties import examples
from tests.support.simulated_graphs import CATALOGUE, SAVED, edits, graphs
from tests.support.tally import calls_made

from diorama.explain import Reason, reasons
from diorama.faults import DioramaError
from diorama.graph import Constant, Graph, GraphNode, Wire
from diorama.session import Session


def opened(folder: Path) -> Session:
    return Session(folder, catalogue=CATALOGUE, executor="inline", graphs=SAVED.get)


def told(session: Session, graph: Graph) -> list[Reason]:
    return reasons(session.plan(graph), session.store)


def is_of(made: str, step: str) -> bool:
    """Whether a call belongs to a step: it itself, an item of it, or a step inside."""
    return made == step or made.startswith((f"{step}[", f"{step}/"))


def run_as_told(session: Session, graph: Graph) -> None:
    """Run a graph; what happens lies within what was told before."""
    before = told(session, graph)
    result = session.run(graph)
    made = calls_made(result)
    may = [one.step for one in before if one.will_run]
    stray = [call for call in made if not any(is_of(call, step) for step in may)]
    assert not stray, (stray, before)
    if result.state == "succeeded":
        certain = [one.step for one in before if one.will_run and one.is_certain]
        idle = [step for step in certain if not any(is_of(call, step) for call in made)]
        # Of steps that come to one key another may have been called first.
        assert len(certain) <= len({call.partition("[")[0] for call in made})
        assert not idle, (idle, made)


@examples(60)
@given(st.data())
def test_what_runs_lies_within_what_was_told(data: st.DataObject) -> None:
    graph = data.draw(graphs())
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as session:
        for _ in range(3):
            try:
                run_as_told(session, graph)
            except DioramaError:
                return
            graph = data.draw(edits(graph))


def even(x: int, *, doubled: int = 3) -> Graph:
    """A number, whether it is even, and one of two numbers by that, with something below."""
    nodes = {
        "a": GraphNode("t/add", {"x": Constant(x), "y": Constant(0)}),
        "even": GraphNode("t/is_even", {"x": Wire("a", "value")}),
        "yes": GraphNode("t/grow", {"x": Constant(doubled)}),
        "no": GraphNode("t/mix", {"x": Constant(1), "y": Constant(2)}),
        "pick": GraphNode(
            "t/choose", {"on": Wire("even", "value"), "yes": Wire("yes", "value"), "no": Wire("no", "value")}
        ),
    }
    return Graph(nodes, {"out": Wire("pick", "value")}, title="even")


CASES = {
    "before the first run nothing is known but that no call was made": ([], even(2), "a even pick", "yes no"),
    "below what is called, what ran before may run": ([even(2)], even(4), "a", "even pick no"),
    "of what lazy inputs need it is said that it may run": ([even(2), even(4)], even(2, doubled=5), "", "yes no pick"),
    "all is there": ([even(2)], even(2), "", ""),
}


@pytest.mark.parametrize(("before", "graph", "certain", "possible"), CASES.values(), ids=CASES)
def test_it_is_told_of_each_step_whether_it_is_certain(
    tmp_path: Path, before: list[Graph], graph: Graph, certain: str, possible: str
) -> None:
    with opened(tmp_path) as session:
        for one in before:
            assert session.run(one).state == "succeeded"
        found = [one for one in told(session, graph) if one.will_run]
        assert {one.step for one in found if one.is_certain} == set(certain.split())
        assert {one.step for one in found if not one.is_certain} == set(possible.split())


def test_of_two_steps_with_one_key_one_is_certain(tmp_path: Path) -> None:
    twice = {name: GraphNode("t/grow", {"x": Constant(4)}) for name in ("a", "b")}
    graph = Graph(twice, {name: Wire(name, "value") for name in twice})
    with opened(tmp_path) as session:
        assert [one.is_certain for one in told(session, graph)] == [True, False]
        assert len(calls_made(session.run(graph))) == 1


def test_a_step_whose_inputs_come_out_as_before_is_cached_before_it_runs(tmp_path: Path) -> None:
    def list_of(last: int) -> Graph:
        items: list[object] = [1, 2, last]
        return Graph(
            {
                "each": GraphNode("t/grow", {"x": Constant(items)}, ("x",)),  # type: ignore[arg-type]
                "sum": GraphNode("t/total", {"items": Wire("each", "value")}),
            },
            {"sum": Wire("sum", "value")},
        )

    with opened(tmp_path) as session:
        for last in (3, 4):
            session.run(list_of(last))
        shuffled = Graph(
            {
                "each": GraphNode("t/grow", {"x": Constant([1, 2, 3, 4])}, ("x",)),
                "sum": GraphNode("t/total", {"items": Wire("each", "value")}),
            },
            {"sum": Wire("sum", "value")},
        )
        found = {one.step: one for one in told(session, shuffled)}
        assert (found["each"].will_run, found["each"].text) == (False, "cached: every item")
        assert (found["sum"].will_run, found["sum"].is_certain) == (True, True)
        assert calls_made(session.run(shuffled)) == ["sum"]
