"""Nodes for tests of the service: quick ones, one that waits for a gate, some that tell what they do or fail."""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import Annotated

from pydantic import Field

from diorama.catalogue import Catalogue, Pack, catalogue_of
from diorama.context import Context
from diorama.faults import BadInput
from diorama.graph import Constant, Graph, GraphNode, Input, Param, Parameter, Wire
from diorama.node import Cost, node
from diorama.values.image import Image

LIGHT = Cost(seconds=1e-6)
HEAVY = Cost(seconds=1.0)
GATES: defaultdict[str, threading.Event] = defaultdict(threading.Event)
"""Gates by name: a call of `gated` ends once its gate is open."""


@node(cost=LIGHT)
def doubled(ctx: Context, x: int) -> int:
    """Give twice the number."""
    return 2 * x


@node(cost=HEAVY)
def gated(ctx: Context, gate: str, x: int = 0) -> int:
    """Give the number once a gate is open."""
    while not GATES[gate].wait(0.01):
        ctx.check_cancelled()
    return x


@node(cost=HEAVY)
def counted(ctx: Context, steps: Annotated[int, Field(ge=1, le=10_000)]) -> int:
    """Tell progress some times, and a preview at the end."""
    import numpy as np

    for number in range(steps):
        ctx.progress(number / steps, f"step {number}")
    ctx.preview(Image(np.zeros((2, 2, 3), np.uint8)))
    return steps


@node(cost=LIGHT)
def picture(ctx: Context, side: Annotated[int, Field(ge=1, le=100)] = 8) -> Image:
    """Paint a grey square."""
    import numpy as np

    return Image(np.full((side, side, 3), 128, np.uint8))


@node(cost=HEAVY)
def failing(ctx: Context, why: str) -> int:
    """Refuse what it is given."""
    raise BadInput(why)


@node(cost=HEAVY)
def broken(ctx: Context, why: str) -> int:
    """Fail as a node with a bug does."""
    raise RuntimeError(why)


@node(cost=LIGHT)
def listed(ctx: Context, count: int) -> list[int]:
    """Give the numbers below one."""
    return list(range(count))


@node(cost=LIGHT)
def repeated(ctx: Context, text: str, times: int) -> str:
    """Give a text several times over."""
    return text * times


def catalogue() -> Catalogue:
    """The nodes of this module, as the pack `t`."""
    return catalogue_of(Pack("t", "1"), doubled, gated, counted, picture, failing, broken, listed, repeated)


def graph_of(type_: str, title: str = "test", **inputs: object) -> Graph:
    """A graph of one node, named after its type; a text `@name` is a parameter of the graph."""
    given: dict[str, Input] = {}
    parameters: dict[str, Parameter] = {}
    for port, value in inputs.items():
        if isinstance(value, str) and value.startswith("@"):
            given[port] = Param(value[1:])
            parameters[value[1:]] = Parameter("integer")
        else:
            assert isinstance(value, str | int)
            given[port] = Constant(value)
    return Graph({type_: GraphNode(f"t/{type_}", given)}, {"out": Wire(type_, "value")}, parameters, title)
