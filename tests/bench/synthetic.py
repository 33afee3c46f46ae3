"""Graphs of trivial nodes in the shapes that engines are measured with."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from diorama.catalogue import Catalogue, Pack, catalogue_of
from diorama.context import Context
from diorama.graph import Constant, Graph, GraphNode, Wire
from diorama.node import Cost, Node, Settings, node

TRIVIAL = Cost(seconds=1e-6)


@node(cost=TRIVIAL)
def add_one(ctx: Context, x: int) -> int:
    """Give the next number."""
    return x + 1


@node(cost=TRIVIAL)
def add(ctx: Context, x: int, y: int) -> int:
    """Give the sum."""
    return x + y


def wide_sum(width: int) -> Node[..., int]:
    """A node with `width` inputs that gives their sum."""

    def total(ctx: Context, /, **inputs: int) -> int:
        """Give the sum."""
        return sum(inputs.values())

    names = [f"x{number}" for number in range(width)]
    parameters = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=int) for name in names]
    first = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_ONLY, annotation=Context)
    function: Any = total
    function.__signature__ = inspect.Signature([first, *parameters], return_annotation=int)
    function.__annotations__ = {"ctx": Context, **dict.fromkeys(names, int), "return": int}
    made = Node(total, Settings(cost=TRIVIAL))
    # Reading a signature of a thousand ports is the catalogue's work, done once a process, not the run's.
    assert len(made.inputs) == width
    return made


def chain(count: int, start: int = 0) -> tuple[Graph, Catalogue, Callable[[], int]]:
    """`count` nodes in a row; with its catalogue and the same work as a plain loop."""
    nodes = {
        f"n{number}": GraphNode("t/add_one", {"x": Wire(f"n{number - 1}", "value") if number else Constant(start)})
        for number in range(count)
    }
    graph = Graph(nodes, {"out": Wire(f"n{count - 1}", "value")}, title=f"chain {count}")

    def plain() -> int:
        ctx, value = Context(), start
        for _ in range(count):
            value = add_one.function(ctx, value)
        return value

    return graph, catalogue_of(Pack("t", "1"), add_one), plain


def fan_in(count: int, first: int = 0) -> tuple[Graph, Catalogue, Callable[[], int]]:
    """`count` nodes side by side, all of them inputs of one more."""
    total = wide_sum(count)
    nodes = {f"n{number}": GraphNode("t/add_one", {"x": Constant(number or first)}) for number in range(count)}
    nodes["sum"] = GraphNode("t/total", {f"x{number}": Wire(f"n{number}", "value") for number in range(count)})
    graph = Graph(nodes, {"out": Wire("sum", "value")}, title=f"fan-in {count}")

    def plain() -> int:
        ctx = Context()
        values = {f"x{number}": add_one.function(ctx, number or first) for number in range(count)}
        return total.function(ctx, **values)

    return graph, catalogue_of(Pack("t", "1"), add_one, total), plain


def tree(count: int, first: int = 0) -> tuple[Graph, Catalogue, Callable[[], int]]:
    """About `count` nodes: leaves that are added up in pairs until one is left."""
    leaves = (count + 1) // 2
    nodes = {f"n{number}": GraphNode("t/add_one", {"x": Constant(number or first)}) for number in range(leaves)}
    level = list(nodes)
    while len(level) > 1:
        above: list[str] = []
        for left, right in zip(level[::2], level[1::2], strict=False):
            name = f"n{len(nodes)}"
            nodes[name] = GraphNode("t/add", {"x": Wire(left, "value"), "y": Wire(right, "value")})
            above.append(name)
        level = above + ([level[-1]] if len(level) % 2 else [])
    graph = Graph(nodes, {"out": Wire(level[0], "value")}, title=f"tree {count}")

    def plain() -> int:
        ctx = Context()
        row = [add_one.function(ctx, number or first) for number in range(leaves)]
        while len(row) > 1:
            pairs = [add.function(ctx, left, right) for left, right in zip(row[::2], row[1::2], strict=False)]
            row = pairs + ([row[-1]] if len(row) % 2 else [])
        return row[0]

    return graph, catalogue_of(Pack("t", "1"), add_one, add), plain


SHAPES = {"chain": chain, "fan-in": fan_in, "tree": tree}
