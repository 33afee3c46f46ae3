from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from diorama.catalogue import Pack, catalogue_of
from diorama.check import check
from diorama.context import Context
from diorama.curve import MOST_POINTS, Curve, Heights
from diorama.graph import parse_graph
from diorama.library import Library
from diorama.node import node

FLAT = Curve(points=((0.0, 1.0), (1.0, 1.0)))


@node
def bent(ctx: Context, curve: Annotated[Curve, Heights(0, 2)] = FLAT, free: Curve | None = None) -> float:
    """Give the height in the middle."""
    return float(curve.at(np.array([0.5]))[0])


CATALOGUE = catalogue_of(Pack("q", "1"), bent)


def faults_of(value: JsonValue, port: str = "curve") -> list[str]:
    nodes = {"a": {"type": "q/bent", "inputs": {port: {"value": value}}}}
    tree = {"format": 1, "nodes": nodes, "results": {"r": "a.value"}}
    return [fault.message for fault in check(parse_graph(tree), Library(CATALOGUE)).faults]


def test_the_catalogue_tells_type_default_and_heights() -> None:
    (curve, free) = CATALOGUE.entries["q/bent"].node.inputs.values()
    assert (curve.type, free.type) == ("curve", "curve?")
    told = CATALOGUE.entries["q/bent"].json()["inputs"]
    assert isinstance(told, list)
    assert told[0] == {
        "name": "curve",
        "type": "curve",
        "help": "",
        "default": {"points": [[0.0, 1.0], [1.0, 1.0]], "interpolation": "linear"},
        "minimum": 0,
        "maximum": 2,
    }


REFUSED: dict[str, tuple[JsonValue, str]] = {
    "points out of order": ({"points": [[0, 1], [0.6, 1], [0.5, 1]]}, "point 2 is at 0.5 and the one before it at 0.6"),
    "two points at one place": ({"points": [[0.5, 1], [0.5, 2]]}, "point 1 is at 0.5 and the one before it at 0.5"),
    "a point beyond the end": ({"points": [[0, 1], [1.5, 1]]}, "points[1][0]: "),
    "a height beyond the range": ({"points": [[0, 1], [1, 2.5]]}, "point 1 is 2.5 high, but 0 to 2 is wanted"),
    "one point": ({"points": [[0, 1]]}, "points: "),
    "too many points": ({"points": [[number / 100, 1] for number in range(MOST_POINTS + 1)]}, "points: "),
    "a point of three numbers": ({"points": [[0, 1, 2], [1, 1]]}, "points[0]"),
    "a way of going that there is not": ({"points": [[0, 1], [1, 1]], "interpolation": "bumpy"}, "interpolation: "),
    "something else beside": ({"points": [[0, 1], [1, 1]], "colour": "red"}, "colour: "),
    "a text": ("up", "is wanted"),
}


@pytest.mark.parametrize(("value", "told"), REFUSED.values(), ids=REFUSED)
def test_a_curve_that_is_none_is_refused_with_the_point_that_is_wrong(value: JsonValue, told: str) -> None:
    (message,) = faults_of(value)
    assert told in message


def test_a_curve_is_taken_and_without_declared_heights_any() -> None:
    assert faults_of({"points": [[0, 0], [1, 2]], "interpolation": "monotone"}) == []
    assert faults_of({"points": [[0.25, -900], [0.5, 9]]}, "free") == []
    assert faults_of(None, "free") == []


BENT: Sequence[tuple[str, Curve, list[tuple[float, float]]]] = [
    ("straight lines", Curve(points=((0.0, 0.0), (0.5, 1.0), (1.0, 0.0))), [(0.25, 0.5), (0.5, 1.0), (0.75, 0.5)]),
    ("level outside its points", Curve(points=((0.4, 2.0), (0.6, 3.0))), [(0.0, 2.0), (1.0, 3.0)]),
    (
        "smooth, and level at a turn",
        Curve(points=((0.0, 0.0), (0.5, 1.0), (1.0, 0.0)), interpolation="monotone"),
        [(0.0, 0.0), (0.5, 1.0), (0.25, 0.625), (1.0, 0.0)],
    ),
    (
        "smooth and straight where it is straight",
        Curve(points=((0.0, 0.0), (0.3, 0.3), (1.0, 1.0)), interpolation="monotone"),
        [(0.1, 0.1), (0.65, 0.65)],
    ),
]


@pytest.mark.parametrize(("name", "curve", "heights"), BENT, ids=[case[0] for case in BENT])
def test_a_curve_goes_as_it_says(name: str, curve: Curve, heights: list[tuple[float, float]]) -> None:
    places, wanted = np.array(heights).T
    np.testing.assert_allclose(curve.at(places), wanted, atol=1e-12)


@given(
    st.lists(st.integers(0, 1000), min_size=2, max_size=9, unique=True).map(sorted),
    st.lists(st.floats(-5, 5), min_size=9, max_size=9),
)
def test_a_smooth_curve_keeps_between_its_neighbours(ways: list[int], heights: list[float]) -> None:
    points = tuple((way / 1000, height) for way, height in zip(ways, heights, strict=False))
    curve = Curve(points=points, interpolation="monotone")
    for (x, y), (to_x, to_y) in pairwise(points):
        between = curve.at(np.linspace(x, to_x, 20))
        assert between.min() >= min(y, to_y) - 1e-9
        assert between.max() <= max(y, to_y) + 1e-9
        assert (np.diff(between) * (to_y - y) >= -1e-9).all()
