"""Graphs at and beyond the limits: linear, without recursion, told rather than endured. Bounds are against hangs."""

from __future__ import annotations

import json
import resource
from collections.abc import Callable, Iterator, Mapping

import pytest
from tests.bench.synthetic import add_one, wide_sum
from tests.support.static_nodes import document, finder, library, pack

from diorama.catalogue import Pack, catalogue_of
from diorama.check import check
from diorama.checked import Checked
from diorama.expand import Expansion, Step
from diorama.faults import MOST_FOUND, DioramaError
from diorama.graph import Constant, Graph, GraphNode, Wire, read_graph
from diorama.kinds import kind_of
from diorama.library import Library
from diorama.limits import limits
from diorama.plan import recipes_of
from diorama.refs import inline

Nodes = dict[str, GraphNode]


def chain(count: int) -> Nodes:
    return {
        f"n{i}": GraphNode("t/double", {"x": Wire(f"n{i - 1}", "value") if i else Constant(1)}) for i in range(count)
    }


def backwards(count: int) -> Nodes:
    return dict(reversed(chain(count).items()))


def circle(count: int) -> Nodes:
    return {f"n{i}": GraphNode("t/double", {"x": Wire(f"n{(i - 1) % count}", "value")}) for i in range(count)}


def many_circles(count: int) -> Nodes:
    return {f"n{i}": GraphNode("t/double", {"x": Wire(f"n{i ^ 1}", "value")}) for i in range(count)}


def diamonds(rungs: int) -> Nodes:
    nodes = {"n0": GraphNode("t/number")}
    for i in range(rungs):
        nodes |= {f"{side}{i}": GraphNode("t/double", {"x": Wire(f"n{i}", "value")}) for side in "lr"}
        nodes[f"n{i + 1}"] = GraphNode("t/add", {"x": Wire(f"l{i}", "value"), "y": Wire(f"r{i}", "value")})
    return nodes


def fan_out(count: int) -> Nodes:
    root = {"root": GraphNode("t/number")}
    return root | {f"n{i}": GraphNode("t/double", {"x": Wire("root", "value")}) for i in range(count)}


def unknown_types(count: int) -> Nodes:
    return {f"n{i}": GraphNode(f"t/duoble{i}") for i in range(count)}


def unknown_everything(count: int) -> Nodes:
    inputs = {f"typo{i}": Wire(f"nn{i}", "value") for i in range(10)}
    return {f"n{i}": GraphNode("t/double", inputs) for i in range(count // 10)}


def planned(nodes: Nodes) -> tuple[Checked, list[bytes | None]]:
    """Checked, opened and keyed, as for a run."""
    shelf = library()
    last = next(reversed(nodes))
    graph = Graph(nodes, {"r": Wire(last, "value")})
    found = check(graph, shelf, {})
    if found.faults:
        return found, []
    steps: list[Step] = []
    Expansion(shelf, steps).open(graph, found, {})
    return found, list(recipes_of(steps))


SOUND: dict[str, tuple[Callable[[int], Nodes], int, int]] = {
    "a chain of 100,000": (chain, 100_000, 100_000),
    "a chain of 100,000 written backwards": (backwards, 100_000, 100_000),
    "a ladder of 60 diamonds": (diamonds, 60, 181),
    "a fan-out of 10,000": (fan_out, 10_000, 10_001),
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("case", SOUND.values(), ids=SOUND)
def test_a_large_graph_is_planned(case: tuple[Callable[[int], Nodes], int, int]) -> None:
    make, size, steps = case
    found, recipes = planned(make(size))
    assert found.faults == []
    assert len(recipes) == steps
    assert None not in recipes


FAULTY: dict[str, tuple[Callable[[int], Nodes], int, str, int]] = {
    "a circle of 100,000 is told once": (circle, 100_000, "G107", 1),
    "4,000 circles are told each": (many_circles, 8_000, "G107", 4_000),
    "9,000 unknown node types are told each": (unknown_types, 9_000, "G101", 9_001),
    "9,000 unknown inputs are told each": (unknown_everything, 9_000, "G102", 9_900),
    "50,000 circles are not": (many_circles, 100_000, "G107", MOST_FOUND),
    "100,000 unknown node types are not": (unknown_types, 100_000, "G101", MOST_FOUND),
    "100,000 unknown inputs are not": (unknown_everything, 100_000, "G102", MOST_FOUND),
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("case", FAULTY.values(), ids=FAULTY)
def test_a_large_faulty_graph_is_told(case: tuple[Callable[[int], Nodes], int, str, int]) -> None:
    make, size, code, count = case
    found, _ = planned(make(size))
    assert found.faults[0].code == code
    # A result whose node is unknown is not told a second time; every fault stands at a place of its own.
    assert len({(fault.code, fault.at) for fault in found.faults}) == len(found.faults)
    assert abs(len(found.faults) - count) <= 1
    assert all(len(str(fault)) < 400 for fault in found.faults)
    assert ("more faults" in found.faults[-1].message) == (count == MOST_FOUND)


@pytest.mark.timeout(60)
def test_a_graph_of_a_million_wires_is_checked_in_bounded_memory() -> None:
    inputs = {f"x{i}": Wire("root", "value") for i in range(1000)}
    nodes = {f"n{i}": GraphNode("w/total", inputs) for i in range(1000)}
    nodes["root"] = GraphNode("w/add_one", {"x": Constant(1)})
    shelf = Library(catalogue_of(Pack("w", "1"), wide_sum(1000), add_one))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert check(Graph(nodes, {"r": Wire("n0", "value")}), shelf).faults == []
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kib < 300 * 1024


def saved_ladder(rungs: int, bottom: Mapping[str, object]) -> dict[str, object]:
    """Saved graphs, each of which holds the next one twice."""
    saved: dict[str, object] = {"s0": bottom}
    for i in range(1, rungs + 1):
        inner = f"graph/s{i - 1}"
        nodes = {"l": {"type": inner}, "r": {"type": inner}}
        saved[f"s{i}"] = document(nodes, results={"value": "l.value"})
    return saved


LEAF = document({"i": {"type": "t/number"}}, results={"value": "i.value"})
BROKEN = document({"i": {"type": "t/none"}}, results={"value": "i.value"})


@pytest.mark.timeout(60)
def test_a_ladder_of_saved_graphs_is_refused_before_it_is_opened() -> None:
    graph = Graph({"a": GraphNode("graph/s60")}, {"r": Wire("a", "value")})
    (fault,) = check(graph, library(saved_ladder(60, LEAF))).faults
    assert (fault.code, fault.at) == ("G101", "/nodes/a/type")
    assert "G004" in fault.message


@pytest.mark.timeout(60)
def test_a_ladder_of_saved_graphs_with_a_fault_at_its_foot_is_looked_into_once() -> None:
    asked: list[str] = []
    find = finder(saved_ladder(60, BROKEN))

    def counted(name: str) -> Graph | None:
        asked.append(name)
        return find(name)

    graph = Graph({"a": GraphNode("graph/s60")}, {"r": Wire("a", "value")})
    (fault,) = check(graph, Library(pack(), counted)).faults
    assert fault.code == "G101"
    assert len(asked) == 61


@pytest.mark.timeout(60)
def test_saved_graphs_nested_too_deeply_are_refused() -> None:
    saved: dict[str, object] = {"s0": LEAF}
    for i in range(1, 100):
        saved[f"s{i}"] = document({"i": {"type": f"graph/s{i - 1}"}}, results={"value": "i.value"})
    deep = check(Graph({"a": GraphNode("graph/s99")}, {"r": Wire("a", "value")}), library(saved)).faults
    assert [fault.code for fault in deep] == ["G101"]
    assert "G005" in deep[0].message
    assert check(Graph({"a": GraphNode("graph/s60")}, {"r": Wire("a", "value")}), library(saved)).faults == []


@pytest.mark.timeout(60)
def test_the_key_of_a_loop_over_a_ladder_of_saved_graphs_is_made_in_linear_time() -> None:
    saved: dict[str, object] = {"l0": LEAF, "r0": LEAF}
    for i in range(1, 40):
        nodes = {side: {"type": f"graph/{side}{i - 1}", "bypass": False} for side in "lr"}
        for side in "lr":
            loops = {name: {**one, "for_each": ["x"], "inputs": {"x": [1]}} for name, one in nodes.items()}
            parameters = {"x": {"type": "number", "default": 1}}
            saved[f"{side}{i}"] = document(loops, parameters=parameters, results={"value": f"{side}.value"})
    for side in "lr":
        saved[f"{side}0"] = {**LEAF, "parameters": {"x": {"type": "number", "default": 1}}}
    shelf = library(saved)
    graph = Graph({"a": GraphNode("graph/l39", {"x": Constant([1])}, ("x",))}, {"r": Wire("a", "value")})
    found = check(graph, shelf)
    assert found.faults == []
    kind = kind_of("graph/l39", found.interfaces["a"], shelf)
    assert len(kind.call_prefix) > 32
    assert kind.defaults["x"] == inline(1.0)


@pytest.fixture
def few_wires(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DIORAMA_MAX_WIRES", "10")
    limits.cache_clear()
    yield
    limits.cache_clear()


@pytest.mark.usefixtures("few_wires")
def test_more_wires_than_the_limit_are_refused() -> None:
    faults = check(Graph(chain(11), {"r": Wire("n0", "value")}), library()).faults
    assert [(fault.code, fault.at) for fault in faults] == [("G004", "/nodes")]
    assert check(Graph(chain(10), {"r": Wire("n0", "value")}), library()).faults == []


@pytest.mark.timeout(60)
def test_100_001_nodes_are_refused_in_the_file() -> None:
    nodes = {f"n{i}": {"type": "t/number"} for i in range(100_001)}
    with pytest.raises(DioramaError) as caught:
        read_graph(json.dumps(document(nodes)))
    assert [fault.code for fault in caught.value.faults] == ["G004"]
