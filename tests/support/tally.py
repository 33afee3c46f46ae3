"""Nodes that leave a line for each call they really make, and graphs of them; importable by child processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from diorama.catalogue import Catalogue, Pack, catalogue_of
from diorama.context import Context
from diorama.graph import Constant, Graph, GraphNode, Input, Wire
from diorama.node import Cost, node
from diorama.session import Result

TALLY = "TALLY_FILE"
"""Environment variable: the file that gets a line for each call."""
GATE = "TALLY_GATE"
"""Environment variable: the file that calls of `gated` wait for."""
LIGHT = Cost(seconds=1e-6)
HEAVY = Cost(seconds=0.1)


def note(line: str) -> None:
    """Add a line to the tally; one write, so that lines of several processes do not mix."""
    if TALLY in os.environ:
        with Path(os.environ[TALLY]).open("a") as file:
            file.write(f"{line}\n")


def noted(tally: Path) -> list[str]:
    """The lines so far."""
    return tally.read_text().split() if tally.exists() else []


def calls_made(result: Result) -> list[str]:
    """The steps whose calls were really made in a run, with their items, by its manifest."""
    calls = result.manifest["calls"]
    assert isinstance(calls, list)
    made: list[str] = []
    for call in calls:
        assert isinstance(call, dict)
        if not call["cached"]:
            made.append(f"{call['step']}[{call['item']}]" if "item" in call else str(call["step"]))
    return made


@node(cost=HEAVY)
def grown(ctx: Context, text: str, by: int) -> str:
    """Give a text too large for a row of the database."""
    note(f"grown-{by}")
    return text + f"{by}," * 3000


@node(cost=LIGHT)
def measured(ctx: Context, text: str) -> int:
    """Give the length of a text."""
    note("measured")
    return len(text)


@node(cost=LIGHT)
def doubled(ctx: Context, x: int) -> int:
    """Give twice the number."""
    note(f"doubled-{x}")
    return 2 * x


@node(cost=HEAVY)
def slow(ctx: Context, x: int) -> int:
    """Give the next number, as a call that is claimed and handed to a thread."""
    note(f"slow-{x}")
    return x + 1


@node(cost=HEAVY)
def gated(ctx: Context, x: int) -> int:
    """Give the next number once the gate is there."""
    note(f"gated-{x}")
    gate = Path(os.environ[GATE])
    while not gate.exists():
        ctx.cancelled.wait(0.01)
        ctx.check_cancelled()
    return x + 1


def catalogue() -> Catalogue:
    """The nodes of this module, as the pack `t`."""
    return catalogue_of(Pack("t", "1"), grown, measured, doubled, slow, gated)


def graph_of(nodes: Mapping[str, tuple[str, Mapping[str, object]]], *results: str, title: str = "tally") -> Graph:
    """A graph of `name: (type, inputs)`; a text input `@name` is a wire from that node's only output."""

    def given(value: object) -> Input:
        if isinstance(value, str) and value.startswith("@"):
            return Wire(value[1:], "value")
        assert isinstance(value, str | int | list)
        return Constant(value)

    made = {
        name: GraphNode(f"t/{type_}", {port: given(one) for port, one in inputs.items()})
        for name, (type_, inputs) in nodes.items()
    }
    return Graph(made, {name: Wire(name, "value") for name in results}, title=title)


def growing() -> Graph:
    """Three large texts, each made from the one before, and the length of the last."""
    return graph_of(
        {
            "a": ("grown", {"text": "", "by": 1}),
            "b": ("grown", {"text": "@a", "by": 2}),
            "c": ("grown", {"text": "@b", "by": 3}),
            "length": ("measured", {"text": "@c"}),
        },
        "length",
        "c",
    )


def row_of_slow(count: int) -> Graph:
    """`count` calls side by side, each of them claimed."""
    names = [f"n{number}" for number in range(count)]
    return graph_of({name: ("slow", {"x": number}) for number, name in enumerate(names)}, *names)


def gated_row(count: int) -> Graph:
    """`count` calls side by side that wait for the gate."""
    names = [f"n{number}" for number in range(count)]
    return graph_of({name: ("gated", {"x": number}) for number, name in enumerate(names)}, *names)


GRAPHS: Mapping[str, Callable[[], Graph]] = {
    "growing": growing,
    "slow": lambda: row_of_slow(12),
    "gated": lambda: gated_row(2),
}
