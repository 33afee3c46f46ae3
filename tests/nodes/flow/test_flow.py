"""Switches and lists, called like any function and run in graphs."""

from __future__ import annotations

from pathlib import Path

import pytest

from diorama.catalogue import Pack, catalogue_of
from diorama.context import Context
from diorama.faults import BadInput
from diorama.graph import parse_graph
from diorama.node import Cost, node
from diorama.session import Session
from diorama_nodes.flow.nodes import join_lists, make_list, pick, switch

called: list[str] = []


@node(cost=Cost(seconds=0.001), volatile=True)
def noted(ctx: Context, name: str) -> str:
    """Give a name and note that it was asked for."""
    called.append(name)
    return name


@pytest.mark.parametrize(("on", "runs"), [(True, "left"), (False, "right")])
def test_a_switch_runs_only_the_branch_that_is_chosen(tmp_path: Path, on: bool, runs: str) -> None:
    called.clear()
    graph = parse_graph(
        {
            "format": 1,
            "nodes": {
                "left": {"type": "t/noted", "inputs": {"name": "left"}},
                "right": {"type": "t/noted", "inputs": {"name": "right"}},
                "one": {
                    "type": "t/switch",
                    "inputs": {"on": on, "yes": {"wire": "left.value"}, "no": {"wire": "right.value"}},
                },
            },
            "results": {"chosen": "one.value"},
        }
    )
    with Session(tmp_path, catalogue=catalogue_of(Pack("t", "1"), noted, switch), executor="inline") as session:
        result = session.run(graph)
    assert result["chosen"] == runs
    assert called == [runs]


def test_a_switch_with_nothing_wired_to_the_chosen_side_says_so() -> None:
    with pytest.raises(BadInput, match="nothing is wired to 'no'"):
        switch(Context(), False, "left")


@pytest.mark.parametrize(("index", "item"), [(0, "a"), (2, "c"), (-1, "c"), (-3, "a")])
def test_pick_counts_from_both_ends(index: int, item: str) -> None:
    assert pick(Context(), ["a", "b", "c"], index).value == item


@pytest.mark.parametrize("index", [3, -4])
def test_pick_refuses_what_is_not_there(index: int) -> None:
    with pytest.raises(BadInput, match=f"item {index} is asked for, but the list has 3 items"):
        pick(Context(), ["a", "b", "c"], index)


def test_lists_are_made_and_joined_in_order() -> None:
    made = make_list(Context(), "a", "b", None, "d").items
    assert made == ["a", "b", "d"]
    assert join_lists(Context(), made, ["e"]).items == ["a", "b", "d", "e"]
