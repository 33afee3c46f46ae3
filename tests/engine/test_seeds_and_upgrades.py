from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.support.static_nodes import document, pack

from diorama.catalogue import Catalogue, Pack, catalogue_of
from diorama.check import check
from diorama.context import Context
from diorama.faults import DioramaError
from diorama.graph import Constant, Graph, Wire, parse_graph
from diorama.library import Library
from diorama.node import node
from diorama.seeds import draw_seed, settle_seeds
from diorama.upgrade import upgraded


def counting() -> Callable[[], int]:
    numbers: Iterator[int] = iter(range(100, 200))
    return lambda: next(numbers)


def graph(default: object = "random", **inputs: object) -> Graph:
    nodes = {
        "a": {"type": "t/paint", "inputs": {"seed": {"param": "seed"}}},
        "b": {"type": "t/paint", "inputs": inputs},
    }
    parameters = {"seed": {"type": "seed", "default": default}, "other": {"type": "text"}}
    return parse_graph(document(nodes, parameters=parameters, results={"r": "a.value"}))


def test_a_random_default_is_drawn_for_a_run() -> None:
    settled, values = settle_seeds(graph(), {"other": "x"}, pack(), counting())
    assert values == {"other": "x", "seed": 100}
    assert check(settled, Library(pack()), values).faults == []


def test_a_random_value_is_drawn_for_a_run() -> None:
    _, values = settle_seeds(graph(7), {"other": "x", "seed": "random"}, pack(), counting())
    assert values == {"other": "x", "seed": 100}


def test_a_chosen_seed_stays() -> None:
    settled, values = settle_seeds(graph(), {"other": "x", "seed": 5}, pack(), counting())
    assert values == {"other": "x", "seed": 5}
    assert settled.canonical() == graph().canonical()


def test_a_random_default_is_no_fault_of_a_graph_checked_by_itself() -> None:
    settled, values = settle_seeds(graph(), None, pack(), counting())
    assert values is None
    assert check(settled, Library(pack()), values).faults == []


def test_random_constants_are_drawn_each_for_itself() -> None:
    nodes = {name: {"type": "t/paint", "inputs": {"seed": "random"}} for name in "ab"}
    settled, _ = settle_seeds(parse_graph(document(nodes)), {}, pack(), counting())
    assert [one.inputs["seed"] for one in settled.nodes.values()] == [Constant(100), Constant(101)]


def test_only_seeds_are_drawn() -> None:
    nodes = {
        "a": {"type": "t/upper", "inputs": {"text": "random"}},
        "b": {"type": "t/none", "inputs": {"seed": "random"}},
    }
    parameters = {"p": {"type": "text", "default": "random"}}
    given = parse_graph(document(nodes, parameters=parameters))
    settled, values = settle_seeds(given, {}, pack(), counting())
    assert settled == given
    assert values == {}


def test_the_graph_that_was_given_stays_as_it_is() -> None:
    given = graph(seed="random")
    before = given.text()
    settle_seeds(given, None, pack(), counting())
    assert given.text() == before


def test_a_drawn_seed_is_one_that_ports_take() -> None:
    assert all(0 <= draw_seed() < 2**32 for _ in range(100))
    assert len({draw_seed() for _ in range(100)}) > 90


def old(version: int | None, **inputs: object) -> Graph:
    one: dict[str, object] = {"type": "t/renamed", "inputs": inputs}
    if version is not None:
        one["version"] = version
    return parse_graph(document({"w": {"type": "t/upper", "inputs": {"text": "x"}}, "a": one}))


UPGRADES: dict[str, tuple[Graph, dict[str, object], int | None]] = {
    "from the first version": (old(1, word="x"), {"text": Constant("x"), "times": Constant(2)}, 3),
    "from a version between": (old(2, text="x"), {"text": Constant("x"), "times": Constant(2)}, 3),
    "a wire stays a wire": (old(1, word={"wire": "w.value"}), {"text": Wire("w", "value"), "times": Constant(2)}, 3),
    "from this version nothing changes": (old(3, text="x"), {"text": Constant("x")}, 3),
    "without a version nothing changes": (old(None, text="x"), {"text": Constant("x")}, None),
    "from a newer version nothing changes": (old(9, text="x"), {"text": Constant("x")}, 9),
}


@pytest.mark.parametrize("case", UPGRADES.values(), ids=UPGRADES)
def test_inputs_for_older_versions(case: tuple[Graph, dict[str, object], int | None]) -> None:
    given, inputs, version = case
    now = upgraded(given, pack())
    assert now.nodes["a"].inputs == inputs
    assert now.nodes["a"].version == version
    assert list(now.nodes) == ["w", "a"]
    assert now.nodes["w"] is given.nodes["w"]


def test_inputs_that_cannot_be_upgraded_are_told() -> None:
    nodes = {name: {"type": "t/renamed", "version": 1, "inputs": {"text": "x"}} for name in "ab"}
    with pytest.raises(DioramaError) as caught:
        upgraded(parse_graph(document(nodes)), pack())
    assert [(fault.code, fault.at) for fault in caught.value.faults] == [("G116", "/nodes/a"), ("G116", "/nodes/b")]
    assert "version 1 cannot be upgraded: KeyError: 'word'" in caught.value.faults[0].message


def test_a_node_without_an_upgrade_keeps_its_inputs() -> None:
    @node(version=2)
    def plain(ctx: Context, x: int = 0) -> int:
        """Give a number."""
        return x

    catalogue: Catalogue = catalogue_of(Pack("q", "1"), plain)
    tree: dict[str, Any] = {"a": {"type": "q/plain", "version": 1, "inputs": {"x": 3}}}
    now = upgraded(parse_graph(document(tree)), catalogue)
    assert now.nodes["a"].inputs == {"x": Constant(3)}
    assert now.nodes["a"].version == 2
