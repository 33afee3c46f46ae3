from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.service_nodes import catalogue
from tests.support.services import over, submitted

from diorama.graph import Constant, Graph, GraphNode, Wire
from diorama.hindsight import Change
from diorama.refusals import WrongState
from diorama.run.service import Service


def pair(x: int, title: str = "pair") -> Graph:
    """A number doubled twice."""
    nodes = {
        "one": GraphNode("t/doubled", {"x": Constant(x)}),
        "two": GraphNode("t/doubled", {"x": Wire("one", "value")}),
        "other": GraphNode("t/doubled", {"x": Constant(100)}),
    }
    return Graph(nodes, {"out": Wire("two", "value"), "beside": Wire("other", "value")}, {}, title)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with Service(tmp_path / "store", catalogue=catalogue()) as one:
        yield one


def ended(service: Service, graph: Graph, **given: object) -> str:
    run = submitted(service, graph, **given)
    over(service, run)
    return run


def told(service: Service, run: str) -> dict[str, str]:
    return {one.step: one.reason for one in service.reasons(run)}


def test_a_first_run_ran_what_never_ran_before(service: Service) -> None:
    assert set(told(service, ended(service, pair(1))).values()) == {"never ran here before"}


def test_what_ran_names_the_changed_value_and_the_step_that_gave_another(service: Service) -> None:
    first = ended(service, pair(1))
    second = ended(service, pair(3))
    found = {one.step: one for one in service.reasons(second)}
    assert (found["one"].ran, found["one"].changes) == (True, (Change("x 1 -> 3", "x"),))
    assert found["two"].changes == (Change("x 2 -> 6", "x", "one"),)
    assert (found["other"].ran, found["other"].made_by) == (False, first)
    assert first in found["other"].reason


def test_a_run_is_compared_with_those_before_it_however_many_came_after(service: Service) -> None:
    ended(service, pair(1))
    second = ended(service, pair(3))
    ended(service, pair(5))
    assert told(service, second)["one"] == "x 1 -> 3"


def test_what_was_made_anew_on_demand_says_so(service: Service) -> None:
    ended(service, pair(1))
    again = told(service, ended(service, pair(1), use_cache=False))
    assert again["one"].startswith("nothing that goes into it changed")


def test_runs_of_other_titles_explain_nothing(service: Service) -> None:
    ended(service, pair(1, "another"))
    assert told(service, ended(service, pair(7)))["one"] == "never ran here before"


def test_a_run_that_has_not_ended_has_no_reasons_yet(service: Service) -> None:
    service.pause_queue()
    run = submitted(service, pair(1))
    with pytest.raises(WrongState):
        service.reasons(run)
