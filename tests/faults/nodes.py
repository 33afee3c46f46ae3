"""Nodes for the fault tests: they leave a line for each call that is really made, and take some time over it."""

from __future__ import annotations

import ctypes
import os
import subprocess
import threading
from typing import Annotated

from pydantic import Field

from diorama.catalogue import Catalogue, Pack, catalogue_of
from diorama.context import Context
from diorama.graph import Constant, Graph, GraphNode, Wire
from diorama.node import Cost, node
from tests.support.tally import note

PLACE = "tests.faults.nodes:catalogue"
"""Where worker processes find the catalogue."""


@node(cost=Cost(seconds=1e-6))
def light(ctx: Context, x: int, by: int) -> int:
    """Give a sum, at little cost."""
    note(f"{x + by}")
    return x + by


@node(cost=Cost(seconds=0.05), time_limit=30.0)
def heavy(ctx: Context, x: int, by: int, milliseconds: Annotated[int, Field(ge=0, le=60_000)] = 1) -> int:
    """Give a sum after some time, in a worker; the line names the worker too."""
    note(f"{x + by}:{os.getpid()}")
    if ctx.cancelled.wait(milliseconds / 1000):
        ctx.check_cancelled()
    return x + by


@node(cost=Cost(seconds=0.05), time_limit=30.0)
def large(ctx: Context, x: int, size: int) -> str:
    """Give a text too large for a row of the database: a blob of so many bytes."""
    note(f"{x}")
    return f"{x:012d}" * (size // 12 + 1)


@node(cost=Cost(seconds=0.05), time_limit=30.0)
def progressing(ctx: Context, x: int, steps: int, milliseconds: int) -> int:
    """Tell progress every so many milliseconds."""
    gone = threading.Event()
    for number in range(steps):
        gone.wait(milliseconds / 1000)
        ctx.progress(number / steps, f"step {number}")
    return x


@node(cost=Cost(seconds=0.05), time_limit=60.0)
def quick(ctx: Context, x: int) -> int:
    """Give the number after a moment."""
    ctx.cancelled.wait(0.005)
    return x


@node(cost=Cost(seconds=0.05), time_limit=60.0)
def python(ctx: Context, x: int) -> int:
    """Count for ever in Python, without ever asking whether it is cancelled."""
    note(f"{x}:{os.getpid()}")
    while True:
        x += 1


@node(cost=Cost(seconds=0.05), time_limit=60.0)
def c(ctx: Context, x: int) -> int:
    """Stay in one call of C for a minute."""
    note(f"{x}:{os.getpid()}")
    ctypes.CDLL(None).sleep(60)
    return x


@node(cost=Cost(seconds=0.05), time_limit=60.0)
def swallowing(ctx: Context, x: int) -> int:
    """Go on whatever is raised."""
    note(f"{x}:{os.getpid()}")
    waiting = threading.Event()
    while True:
        try:
            while True:
                waiting.wait(0.01)
        except BaseException:
            continue


@node(cost=Cost(seconds=0.05), time_limit=60.0)
def forking(ctx: Context, x: int) -> int:
    """Start a process that starts another, and wait for both."""
    note(f"{x}:{os.getpid()}")
    subprocess.run(["sh", "-c", "sleep 60 & sleep 60"], check=False)
    return x


def catalogue() -> Catalogue:
    """The nodes of this module, as the pack `f`."""
    nodes = (light, heavy, large, progressing, quick, python, c, swallowing, forking)
    return catalogue_of(Pack("f", "1"), *nodes)


def chains(base: int, chains_: int, length: int, milliseconds: int = 1) -> tuple[Graph, int]:
    """Chains of calls side by side, every third one in a worker, and the sum that each ends in.

    `base` sets the values, so that another one shares no call. Call `n` of a chain leaves the line of its own sum.
    """
    nodes: dict[str, GraphNode] = {}
    results: dict[str, Wire] = {}
    for chain in range(chains_):
        source: Constant | Wire = Constant(base + chain * 1000)
        for place in range(length):
            name = f"c{chain}_{place}"
            is_heavy = place % 3 == 0
            inputs = {"x": source, "by": Constant(1)} | ({"milliseconds": Constant(milliseconds)} if is_heavy else {})
            nodes[name] = GraphNode("f/heavy" if is_heavy else "f/light", inputs)
            source = Wire(name, "value")
        results[f"r{chain}"] = Wire(f"c{chain}_{length - 1}", "value")
    return Graph(nodes, results, title=f"chains {base}"), base + length


def value_of(step: str, base: int) -> int:
    """The sum that a step of `chains` gives: what its line names."""
    chain, place = (int(one) for one in step.removeprefix("c").split("_"))
    return base + chain * 1000 + place + 1
