"""Many runs submitted in one call: combined, checked as a whole, each with seeds of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from pydantic import JsonValue
from tests.support.services import over
from tests.support.tally import doubled, slow

from diorama.catalogue import Pack, catalogue_of
from diorama.context import Context
from diorama.faults import DioramaError
from diorama.graph import Constant, Graph, GraphNode, Param, Parameter, Wire
from diorama.limits import limits
from diorama.node import Cost, node
from diorama.refs import Inline
from diorama.refusals import KeyReused, NoSuch
from diorama.run.service import Service
from diorama.run.views import Mode, RunFilter, Submission
from diorama.types import Seed


@node(cost=Cost(seconds=1e-6))
def added(ctx: Context, x: int, y: int = 0, seed: Seed = 0) -> int:
    """Give the sum of two numbers."""
    return x + y


SUM = Graph(
    {"sum": GraphNode("t/added", {"x": Param("x"), "y": Param("y"), "seed": Constant("random")})},
    {"sum": Wire("sum", "value")},
    {"x": Parameter("integer", 0, maximum=50), "y": Parameter("integer", 0), "luck": Parameter("seed", "random")},
    title="sum",
)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    nodes = catalogue_of(Pack("t", "1"), added, doubled, slow)
    with Service(tmp_path / "store", catalogue=nodes) as service:
        yield service


def values_of(service: Service, batch: str) -> list[tuple[JsonValue, JsonValue]]:
    """The values of x and y of a batch's runs, in the order in which they were made."""
    found = service.runs(RunFilter(batch=batch), limit=100).items
    return [(view.parameters["x"], view.parameters["y"]) for view in reversed(found)]


@pytest.mark.parametrize(
    ("mode", "x", "y", "expected"),
    [
        pytest.param("product", [1, 2], [5, 6, 7], [(1, 5), (1, 6), (1, 7), (2, 5), (2, 6), (2, 7)], id="a product"),
        pytest.param("zip", [1, 2, 3], [5, 6, 7], [(1, 5), (2, 6), (3, 7)], id="a zip"),
        pytest.param("zip", [4], [9], [(4, 9)], id="a zip of one"),
    ],
)
def test_lists_of_values_become_runs(
    service: Service, mode: Mode, x: list[JsonValue], y: list[JsonValue], expected: list[tuple[int, int]]
) -> None:
    batch, _ = service.submit_batch(Submission(SUM), {"x": x, "y": y}, mode)
    assert (batch.runs, batch.title) == (len(expected), "sum")
    for view in service.runs(RunFilter(batch=batch.id), limit=100).items:
        assert over(service, view.id).state == "succeeded"
        result = service.results(view.id)["sum"]
        assert isinstance(result, Inline)
        assert result.value == view.parameters["x"] + view.parameters["y"]  # type: ignore[operator]
    assert values_of(service, batch.id) == expected
    assert service.batch(batch.id).states == {"succeeded": len(expected)}
    assert [one.id for one in service.batches().items] == [batch.id]


REFUSED = [
    pytest.param({"x": []}, "product", [("Q008", "/axes/x")], id="an empty list"),
    pytest.param({}, "product", [("Q008", "/axes")], id="no list"),
    pytest.param({"x": [1, 2], "y": [1]}, "zip", [("Q008", "/axes")], id="a zip of unequal lists"),
    pytest.param({"nobody": [1]}, "product", [("G108", "/axes/nobody")], id="an unknown parameter"),
    pytest.param(
        {"x": [1, "a", 99], "y": [1, 2]}, "product", [("G105", "/axes/x/1"), ("G105", "/axes/x/2")], id="values"
    ),
    pytest.param({"x": ["a", 1], "y": [1, None]}, "zip", [("G105", "/axes/x/0"), ("G105", "/axes/y/1")], id="of both"),
]


@pytest.mark.parametrize(("axes", "mode", "faults"), REFUSED)
def test_a_batch_is_refused_whole_with_every_fault_of_any_run(
    service: Service, axes: dict[str, list[JsonValue]], mode: Mode, faults: list[tuple[str, str]]
) -> None:
    with pytest.raises(DioramaError) as raised:
        service.submit_batch(Submission(SUM), axes, mode)
    assert [(fault.code, fault.at) for fault in raised.value.faults] == faults
    assert service.runs().items == []


def test_a_fault_of_a_value_says_which_run_has_it(service: Service) -> None:
    with pytest.raises(DioramaError) as raised:
        service.submit_batch(Submission(SUM), {"x": [1, 99], "y": [1, 2, 3]}, "product")
    assert raised.value.faults[0].message == "run 3: 'x' is 99, but at most 50 is wanted"


def test_more_runs_than_the_limit_are_refused_before_any_is_looked_at(service: Service) -> None:
    axes: dict[str, list[JsonValue]] = {"x": [1] * 200, "y": [1] * 200}
    with pytest.raises(DioramaError, match="40,000 runs") as raised:
        service.submit_batch(Submission(SUM), axes, "product")
    assert raised.value.faults[0].code == "G004"
    assert limits().max_batch_runs == 10_000


def test_every_run_draws_its_seeds_and_keeps_them(service: Service) -> None:
    batch, _ = service.submit_batch(Submission(SUM), {"x": [1, 2, 3, 4]}, "product")
    runs = service.runs(RunFilter(batch=batch.id)).items
    assert len({view.parameters["luck"] for view in runs}) == 4
    drawn = set()
    for view in runs:
        assert over(service, view.id).state == "succeeded"
        content = service.graph_of(view.id)
        drawn.add(orjson.loads(content)["nodes"]["sum"]["inputs"]["seed"])
        assert orjson.loads(service.manifest(view.id))["graph"] == orjson.loads(content)
    assert len(drawn) == 4


def test_seeds_in_a_list_are_used_as_given_or_drawn(service: Service) -> None:
    batch, _ = service.submit_batch(Submission(SUM), {"luck": [5, "random", "random"]}, "product")
    found = [view.parameters["luck"] for view in reversed(service.runs(RunFilter(batch=batch.id)).items)]
    assert found[0] == 5
    assert len(set(found)) == 3
    assert "random" not in found


def test_the_same_key_is_the_same_batch(service: Service) -> None:
    one = Submission(SUM, idempotency_key="k")
    first, is_new = service.submit_batch(one, {"x": [1, 2]})
    assert is_new
    again, is_new = service.submit_batch(one, {"x": [1, 2]})
    assert (again.id, is_new) == (first.id, False)
    with pytest.raises(KeyReused):
        service.submit_batch(one, {"x": [1, 3]})
    assert len(service.runs().items) == 2


def test_a_batch_is_cancelled_as_far_as_it_has_not_ended(service: Service) -> None:
    service.pause_queue()
    batch, _ = service.submit_batch(Submission(SUM), {"x": [1, 2, 3]})
    assert service.cancel_batch(batch.id).states == {"cancelled": 3}
    with pytest.raises(NoSuch):
        service.cancel_batch("nobody")


def test_ten_thousand_runs_are_queued_in_one_call(service: Service) -> None:
    service.pause_queue()
    batch, _ = service.submit_batch(Submission(SUM), {"x": [*range(50)] * 2, "y": [*range(100)]})
    assert batch.states == {"queued": 10_000}
    assert service.clear_queue() == 10_000
