"""Runs of many steps: what is told and written of them goes in parts, and nothing of it is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from diorama.catalogue import Pack, catalogue_of
from diorama.context import Context
from diorama.graph import Constant, Graph, GraphNode, Wire
from diorama.node import Cost, node
from diorama.run import events as told
from diorama.run.record import CALLS_AT_A_TIME
from diorama.run.scheduler import CACHED_TOLD
from diorama.session import Session

pytestmark = pytest.mark.usefixtures("database")


@node(cost=Cost(seconds=1e-6))
def add_one(ctx: Context, x: int) -> int:
    """Give the next number."""
    return x + 1


def beside(count: int) -> Graph:
    """So many nodes that have nothing to do with each other, each of them a result."""
    nodes = {f"n{number}": GraphNode("t/add_one", {"x": Constant(number)}) for number in range(count)}
    return Graph(nodes, {f"r{number}": Wire(f"n{number}", "value") for number in range(count)})


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with Session(tmp_path, catalogue=catalogue_of(Pack("t", "1"), add_one)) as one:
        yield one


def test_cached_steps_are_told_in_parts(session: Session) -> None:
    graph = beside(2 * CACHED_TOLD + 1)
    heard: list[told.Event] = []
    session.run(graph)
    session.run(graph, listener=heard.append)
    cached = [[step for step, _, _ in event.steps] for event in heard if isinstance(event, told.StepsCached)]
    assert [len(part) for part in cached] == [CACHED_TOLD, CACHED_TOLD, 1]
    assert {step for part in cached for step in part} == set(graph.nodes)


def test_a_manifest_names_every_call_however_many_there_are(session: Session) -> None:
    graph = beside(2 * CALLS_AT_A_TIME + 1)
    calls = session.run(graph).manifest["calls"]
    assert isinstance(calls, list)
    assert [call["step"] for call in calls if isinstance(call, dict)] == list(graph.nodes)
