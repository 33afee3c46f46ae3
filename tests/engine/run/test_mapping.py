"""Nodes mapped over lists, batched nodes, saved graphs as loops, switches, and shapes that would break recursion."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import JsonValue

from diorama.catalogue import Pack, catalogue_of
from diorama.context import Context
from diorama.faults import BadInput
from diorama.graph import Constant, Graph, GraphNode, Param, Parameter, Wire
from diorama.limits import limits
from diorama.node import Cost, Lazy, node
from diorama.session import Result, Session

pytestmark = pytest.mark.usefixtures("database")

LIGHT = Cost(seconds=1e-6)
CALLS: list[object] = []
"""What was called since the test began."""


@node(cost=LIGHT)
def add(ctx: Context, x: int, y: int = 1) -> int:
    """Give the sum."""
    CALLS.append(x)
    return x + y


@node(cost=LIGHT)
def count_up(ctx: Context, x: int) -> list[int]:
    """Give the numbers below x."""
    return list(range(x))


@node(cost=Cost(seconds=1.0))
def halve(ctx: Context, x: int) -> int:
    """Give half of an even number."""
    CALLS.append(x)
    if x % 2:
        raise BadInput(f"{x} is odd")
    return x // 2


@halve.batched
def _halve_all(ctx: Context, items: list[dict[str, int]]) -> list[int]:
    CALLS.append(len(items))
    return [halve.function(ctx, **item) for item in items]


@node(cost=LIGHT)
def total(ctx: Context, items: list[int]) -> int:
    """Give the sum."""
    return sum(items)


@node(cost=LIGHT)
def choose(
    ctx: Context, on: bool, yes: Annotated[int | None, Lazy] = None, no: Annotated[int | None, Lazy] = None
) -> int:
    """Give one of two numbers."""
    chosen = yes if on else no
    assert chosen is not None
    return chosen


@choose.needs
def _chosen(on: bool) -> set[str]:
    return {"yes"} if on else {"no"}


@node(cost=LIGHT)
def is_small(ctx: Context, x: int) -> bool:
    """Tell whether a number is small."""
    return x < 10


@node(cost=LIGHT)
def puzzle(ctx: Context, on: bool, yes: Annotated[int | None, Lazy] = None) -> int:
    """A switch that cannot tell what it needs."""
    return 0


@puzzle.needs
def _puzzled(on: bool) -> set[str]:
    raise LookupError("no idea")


SAVED = {
    "twice": Graph(
        {"a": GraphNode("t/add", {"x": Param("x")}), "b": GraphNode("t/add", {"x": Wire("a", "value")})},
        {"value": Wire("b", "value")},
        {"x": Parameter("integer")},
    ),
    "row": Graph(
        {
            "list": GraphNode("t/count_up", {"x": Param("x")}),
            "each": GraphNode("graph/twice", {"x": Wire("list", "value")}, ("x",)),
            "sum": GraphNode("t/total", {"items": Wire("each", "value")}),
        },
        {"value": Wire("sum", "value")},
        {"x": Parameter("integer")},
    ),
}


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    CALLS.clear()
    catalogue = catalogue_of(Pack("t", "1"), add, count_up, halve, total, choose, is_small, puzzle)
    with Session(tmp_path / "store", catalogue=catalogue, graphs=SAVED.get) as opened:
        yield opened


def mapped(session: Session, type_: str, items: list[JsonValue]) -> Result:
    return session.run(Graph({"a": GraphNode(type_, {"x": Constant(items)}, ("x",))}, {"r": Wire("a", "value")}))


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 20])
def test_a_batched_node_gives_what_its_calls_give_one_by_one(session: Session, count: int) -> None:
    assert mapped(session, "t/halve", [2 * item for item in range(count)])["r"] == list(range(count))


def test_each_item_of_a_batch_is_cached_by_itself(session: Session) -> None:
    mapped(session, "t/halve", [0, 2, 4])
    CALLS.clear()
    assert mapped(session, "t/halve", [4, 6, 0, 8])["r"] == [2, 3, 0, 4]
    assert sorted(str(call) for call in CALLS) == ["2", "6", "8"]


def test_one_bad_item_does_not_cost_the_others(session: Session) -> None:
    result = mapped(session, "t/halve", [2, 3, 4])
    assert [(fault.code, fault.at) for fault in result.faults] == [("R002", "a[1]")]
    CALLS.clear()
    assert mapped(session, "t/halve", [2, 4])["r"] == [1, 2]
    assert CALLS == []


def test_lists_of_other_lengths_are_told(session: Session) -> None:
    graph = Graph(
        {"a": GraphNode("t/add", {"x": Constant([1, 2]), "y": Constant([1, 2, 3])}, ("x", "y"))},
        {"r": Wire("a", "value")},
    )
    (fault,) = session.run(graph).faults
    assert (fault.code, fault.at) == ("R005", "a")
    assert "x has 2, y has 3" in fault.message


def test_ten_thousand_items_are_called_once_each(session: Session) -> None:
    graph = Graph(
        {
            "list": GraphNode("t/count_up", {"x": Constant(10_000)}),
            "each": GraphNode("t/add", {"x": Wire("list", "value")}, ("x",)),
            "sum": GraphNode("t/total", {"items": Wire("each", "value")}),
        },
        {"r": Wire("sum", "value")},
    )
    assert session.run(graph)["r"] == sum(range(1, 10_001))
    assert len(CALLS) == 10_000
    CALLS.clear()
    assert session.run(graph)["r"] == sum(range(1, 10_001))
    assert CALLS == []


def test_loops_in_loops_come_out_as_plain_loops_do(session: Session) -> None:
    result = mapped(session, "graph/row", [0, 3, 1])
    assert result["r"] == [sum(item + 2 for item in range(count)) for count in (0, 3, 1)]
    CALLS.clear()
    assert mapped(session, "graph/row", [3, 0])["r"] == [9, 0]
    assert CALLS == []


def chain(count: int, first: GraphNode, link: str, port: str, for_each: tuple[str, ...] = ()) -> Graph:
    nodes = {"n0": first}
    for number in range(1, count):
        nodes[f"n{number}"] = GraphNode(link, {port: Wire(f"n{number - 1}", "value")}, for_each)
    return Graph(nodes, {"r": Wire(f"n{count - 1}", "value")})


NUMBER = GraphNode("t/add", {"x": Constant(0)})
EMPTY = GraphNode("t/add", {"x": Constant([])}, ("x",))
DEEP = [
    pytest.param(chain(20_000, NUMBER, "t/add", "x"), 20_000, id="20,000 nodes in a row"),
    pytest.param(chain(5_000, EMPTY, "t/add", "x", ("x",)), [], id="5,000 empty for_each"),
    pytest.param(chain(500, EMPTY, "graph/twice", "x", ("x",)), [], id="500 empty loops"),
]


@pytest.mark.parametrize(("graph", "wanted"), DEEP)
def test_depth_is_no_limit(session: Session, graph: Graph, wanted: object) -> None:
    assert session.run(graph)["r"] == wanted
    CALLS.clear()
    assert session.run(graph)["r"] == wanted
    assert CALLS == []


def test_a_chain_of_switches_is_walked_once(session: Session) -> None:
    count = 300
    nodes = {"n0": GraphNode("t/add", {"x": Constant(0)})}
    for number in range(1, count):
        on = GraphNode("t/is_small", {"x": Constant(number % 20)})
        nodes[f"on{number}"] = on
        wires = {"yes": Wire(f"n{number - 1}", "value"), "no": Wire(f"n{number - 1}", "value")}
        nodes[f"n{number}"] = GraphNode("t/choose", {"on": Wire(f"on{number}", "value"), **wires})
    result = session.run(Graph(nodes, {"r": Wire(f"n{count - 1}", "value")}))
    assert result["r"] == 1


def switched(on: GraphNode | bool, **branches: GraphNode) -> Graph:
    nodes = dict(branches)
    if isinstance(on, GraphNode):
        nodes["on"] = on
    given = Wire("on", "value") if isinstance(on, GraphNode) else Constant(on)
    nodes["s"] = GraphNode("t/choose", {"on": given, "yes": Wire("a", "value"), "no": Wire("b", "value")})
    return Graph(nodes, {"r": Wire("s", "value")})


@pytest.mark.parametrize(
    ("on", "wanted", "called"),
    [
        pytest.param(True, 11, [10], id="a constant"),
        pytest.param(False, 21, [20], id="another constant"),
        pytest.param(GraphNode("t/is_small", {"x": Constant(1)}), 11, [10], id="a wire"),
        pytest.param(GraphNode("t/is_small", {"x": Constant(50)}), 21, [20], id="a wire that says no"),
    ],
)
def test_a_branch_that_is_not_chosen_does_not_run(
    session: Session, on: GraphNode | bool, wanted: int, called: list[int]
) -> None:
    branches = {"a": GraphNode("t/add", {"x": Constant(10)}), "b": GraphNode("t/add", {"x": Constant(20)})}
    assert session.run(switched(on, **branches))["r"] == wanted
    assert called == CALLS


def test_branches_may_share_what_they_need(session: Session) -> None:
    branches = {
        "shared": GraphNode("t/add", {"x": Constant(10)}),
        "a": GraphNode("t/add", {"x": Wire("shared", "value")}),
        "b": GraphNode("t/add", {"x": Wire("shared", "value"), "y": Constant(5)}),
    }
    on = GraphNode("t/is_small", {"x": Wire("shared", "value")})
    assert session.run(switched(on, **branches))["r"] == 16
    assert CALLS == [10, 11]


def test_a_branch_below_a_step_that_failed_before_is_blocked(session: Session) -> None:
    branches = {
        "bad": GraphNode("t/halve", {"x": Constant(3)}),
        "a": GraphNode("t/add", {"x": Wire("bad", "value")}),
        "b": GraphNode("t/add", {"x": Constant(20)}),
        "slow": GraphNode("t/halve", {"x": Constant(8)}),
        "after": GraphNode("t/halve", {"x": Wire("slow", "value")}),
    }
    graph = switched(GraphNode("t/is_small", {"x": Wire("after", "value")}), **branches)
    graph = Graph(graph.nodes, {**graph.results, "bad": Wire("bad", "value")})
    result = session.run(graph)
    assert [(fault.code, fault.at) for fault in result.faults] == [("R002", "bad")]
    assert CALLS.count(3) == 1


def test_a_port_that_is_mapped_over_is_needed_though_it_is_not_chosen(session: Session) -> None:
    inputs = {"on": Constant(False), "yes": Constant([1, 2]), "no": Constant(7)}
    graph = Graph({"s": GraphNode("t/choose", inputs, ("yes",))}, {"r": Wire("s", "value")})
    assert session.run(graph)["r"] == [7, 7]


def test_a_switch_that_cannot_tell_what_it_needs_fails_alone(session: Session) -> None:
    nodes = {
        "p": GraphNode("t/puzzle", {"on": Constant(True)}),
        "good": GraphNode("t/add", {"x": Constant(1)}),
    }
    result = session.run(Graph(nodes, {"p": Wire("p", "value"), "good": Wire("good", "value")}))
    assert [(fault.code, fault.at) for fault in result.faults] == [("R001", "p")]
    assert result["good"] == 2


def test_a_bypassed_node_passes_its_input_on(session: Session) -> None:
    nodes = {
        "a": GraphNode("t/add", {"x": Constant(1)}),
        "b": GraphNode("t/halve", {"x": Wire("a", "value")}, bypass=True),
        "c": GraphNode("t/add", {"x": Wire("b", "value")}),
    }
    assert session.run(Graph(nodes, {"r": Wire("c", "value")}))["r"] == 3
    assert CALLS == [1, 2]


def test_more_items_than_the_limit_are_refused_with_both_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIORAMA_MAX_ITEMS", "3")
    limits.cache_clear()
    nodes = {"one": GraphNode("t/add", {"x": Constant([1, 2, 3, 4])}, ("x",))}
    graph = Graph(nodes, {"all": Wire("one", "value")})
    try:
        with Session(tmp_path, catalogue=catalogue_of(Pack("t", "1"), add), executor="inline") as session:
            result = session.run(graph)
    finally:
        limits.cache_clear()
    assert [(fault.code, fault.message) for fault in result.faults] == [
        ("R007", "4 items are given to for_each, but at most 3 are taken")
    ]
