from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest
from tests.support.bad_graphs import BAD_NAMES, BEYOND, SHAPES, BadGraph, node
from tests.support.static_nodes import document

from diorama.faults import DioramaError, Fault
from diorama.graph import MISSING, Constant, Param, Wire, migrate, parse_graph, read_graph
from diorama.limits import limits


def faults_of(tree: object) -> tuple[Fault, ...]:
    with pytest.raises(DioramaError) as caught:
        parse_graph(tree)
    return caught.value.faults


CASES = SHAPES | BEYOND


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_refused(case: BadGraph) -> None:
    faults = faults_of(case.tree)
    assert [(fault.code, fault.at) for fault in faults] == [(code, at) for code, at, _ in case.told]
    for fault, (_, _, words) in zip(faults, case.told, strict=True):
        assert words in fault.message
        assert len(fault.message) < 300


@pytest.mark.parametrize("place", ["nodes", "parameters", "results"])
@pytest.mark.parametrize("name", BAD_NAMES.values(), ids=BAD_NAMES)
def test_bad_names(name: str, place: str) -> None:
    good: dict[str, object] = {"nodes": {"type": "t/x"}, "parameters": {"type": "text"}, "results": "a.b"}
    tree: dict[str, object] = {"format": 1, "nodes": {}}
    tree[place] = {name: good[place]}
    (fault,) = faults_of(tree)
    assert fault.code == "G010"
    assert fault.at == f"/{place}/{name.replace('/', '~1')}"
    assert "is no name" in fault.message


@pytest.mark.parametrize("name", ["a", "_a", "A-b_9", "Straße", "夜", "a" * 100, "constructor", "a__b"])
def test_good_names(name: str) -> None:
    graph = parse_graph(document({name: {"type": "t/x"}}, results={name: f"{name}.value"}))
    assert list(graph.nodes) == [name]
    assert graph.results == {name: Wire(name, "value")}


def test_an_input_is_a_wire_a_parameter_or_a_constant() -> None:
    inputs = {
        "wire": {"wire": "b.c"},
        "param": {"param": "p"},
        "bare": 1,
        "list": [{"wire": "x.y"}, -0.0],
        "value": {"value": {"wire": "x.y"}},
        "null": None,
        "dotted": {"wire": "b.c.d"},
    }
    assert parse_graph(node(inputs=inputs)).nodes["a"].inputs == {
        "wire": Wire("b", "c"),
        "param": Param("p"),
        "bare": Constant(1),
        "list": Constant([{"wire": "x.y"}, 0.0]),
        "value": Constant({"wire": "x.y"}),
        "null": Constant(None),
        "dotted": Wire("b.c", "d"),
    }


def test_a_default_of_null_is_a_default() -> None:
    parameters = {"p": {"type": "text?", "default": None}, "q": {"type": "text"}}
    read = parse_graph(document({}, parameters=parameters)).parameters
    assert read["p"].default is None
    assert read["q"].default is MISSING


@pytest.fixture
def few_nodes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DIORAMA_MAX_NODES", "3")
    limits.cache_clear()
    yield
    limits.cache_clear()


@pytest.mark.usefixtures("few_nodes")
def test_more_nodes_than_the_limit_are_refused() -> None:
    def graph(count: int) -> dict[str, object]:
        return document({f"n{number}": {"type": "t/x"} for number in range(count)})

    assert len(parse_graph(graph(3)).nodes) == 3
    assert faults_of(graph(4)) == (Fault("G004", "/nodes", "the graph has 4 nodes, but at most 3 are taken"),)


def test_faults_by_the_thousand_are_told_without_searching_for_each() -> None:
    tree = document({f"n{number}": {"type": "t/x", f"typo{number}": 1} for number in range(9_000)})
    faults = faults_of(tree)
    assert len(faults) == 9_000


Step = Callable[[dict[str, object]], dict[str, object]]


def renames_title(tree: dict[str, object]) -> dict[str, object]:
    return {("title" if key == "name" else key): value for key, value in tree.items()}


def adds_nodes(tree: dict[str, object]) -> dict[str, object]:
    return {**tree, "nodes": tree.get("nodes", {})}


STEPS: Mapping[int, Step] = {1: renames_title, 2: adds_nodes}


def test_a_file_is_brought_through_every_step_in_turn() -> None:
    assert migrate({"format": 1, "name": "x"}, STEPS, 3) == {"format": 3, "title": "x", "nodes": {}}
    assert migrate({"format": 2, "title": "x"}, STEPS, 3) == {"format": 3, "title": "x", "nodes": {}}
    current: dict[str, object] = {"format": 3, "anything": 1}
    assert migrate(current, STEPS, 3) == current


def test_a_step_leaves_the_document_that_it_was_given_as_it_is() -> None:
    given: dict[str, object] = {"format": 1, "name": "x"}
    migrate(given, STEPS, 3)
    assert given == {"format": 1, "name": "x"}


@pytest.mark.parametrize(("format_", "missing"), [(1, "from format 2 to 3"), (2, "from format 2 to 3")])
def test_a_gap_between_the_steps_is_refused(format_: int, missing: str) -> None:
    with pytest.raises(DioramaError) as caught:
        migrate({"format": format_}, {1: renames_title}, 3)
    (fault,) = caught.value.faults
    assert (fault.code, fault.at) == ("G007", "/format")
    assert missing in fault.message


def test_a_text_is_read_as_its_bytes_are() -> None:
    assert read_graph('{"format": 1, "title": "夜", "nodes": {}}').title == "夜"
    with pytest.raises(DioramaError) as caught:
        read_graph('{"format": 1, "title": "\ud800", "nodes": {}}')
    assert caught.value.faults[0].code == "G001"
