"""A locked run passes where nothing changed, and tells each thing that did."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.support.tally import doubled, slow

from diorama import lock as locks
from diorama.catalogue import Catalogue, Pack, catalogue_of
from diorama.faults import DioramaError
from diorama.graph import Constant, Graph, GraphNode, Param, Parameter, Wire
from diorama.lock import Lock, differences, lock_of, read_lock, result_differences, write_lock
from diorama.node import Node
from diorama.refs import inline
from diorama.session import Session

INNER = Graph(
    {"one": GraphNode("t/doubled", {"x": Param("x")})},
    {"twice": Wire("one", "value")},
    {"x": Parameter("integer")},
)
GRAPH = Graph(
    {
        "all": GraphNode("graph/inner", {"x": Constant([1, 2, 3])}, for_each=("x",)),
        "next": GraphNode("t/slow", {"x": Param("n")}),
    },
    {"all": Wire("all", "twice"), "next": Wire("next", "value")},
    {"n": Parameter("integer", 5)},
    title="locked",
)


def nodes(version: int = 1) -> Catalogue:
    changed: Node[..., int] = Node(doubled.function, dataclasses.replace(doubled.settings, version=version))
    return catalogue_of(Pack("t", "1"), changed, slow)


def open_session(folder: Path, version: int = 1) -> Session:
    return Session(folder, catalogue=nodes(version), executor="inline", graphs={"inner": INNER}.get)


@pytest.fixture
def lock(tmp_path: Path) -> Lock:
    """The lock of a run, written and read again."""
    with open_session(tmp_path / "store") as session:
        run = session.begin(GRAPH)
        session.scheduler.run_until_idle()
        write_lock(tmp_path / "graph.lock.json", lock_of(run.plan, session.library, run.results()))
    return read_lock(tmp_path / "graph.lock.json")


def told(lock: Lock, folder: Path, graph: Graph = GRAPH, version: int = 1, n: int = 5) -> list[str]:
    with open_session(folder / "store", version) as session:
        faults = differences(lock, session.plan(graph, {"n": n}), session.library)
        assert {fault.code for fault in faults} <= {"L001"}
        return [fault.at for fault in faults]


def test_nothing_changed_passes(lock: Lock, tmp_path: Path) -> None:
    assert told(lock, tmp_path) == []
    with open_session(tmp_path / "store") as session:
        assert result_differences(lock, session.run(GRAPH).outputs) == []
    assert set(lock.nodes) == {"t/doubled", "t/slow"}, "nodes inside a loop's graph are locked too"


def test_a_node_moved_is_no_change(lock: Lock, tmp_path: Path) -> None:
    assert told(lock, tmp_path, dataclasses.replace(GRAPH, view={"next": [1, 2]})) == []


class Case(NamedTuple):
    sentence: str
    tell: Callable[[Lock, Path], list[str]]
    at: list[str]


def edited(name: str, value: object) -> Callable[[Lock, Path], list[str]]:
    return lambda lock, folder: told(lock.model_copy(update={name: value}), folder)


OTHER = dataclasses.replace(GRAPH, nodes={**GRAPH.nodes, "next": GraphNode("t/doubled", {"x": Param("n")})})
CASES = [
    Case("another graph", lambda lock, folder: told(lock, folder, OTHER), ["graph", "nodes.t/slow"]),
    Case("another parameter", lambda lock, folder: told(lock, folder, n=6), ["parameters.n"]),
    Case("a parameter more", edited("parameters", {"n": 5, "m": 1}), ["parameters.m"]),
    Case("another code of a node in a loop", lambda lock, folder: told(lock, folder, version=2), ["nodes.t/doubled"]),
    Case("another model", edited("models", {"sdxl": "repo@1"}), ["models.sdxl"]),
    Case("another machine", edited("machine", "abacus"), ["machine"]),
]


@pytest.mark.parametrize("case", CASES, ids=[case.sentence for case in CASES])
def test_what_changed_is_told(lock: Lock, tmp_path: Path, case: Case) -> None:
    assert case.tell(lock, tmp_path) == case.at


def test_another_version_of_a_package_is_told(lock: Lock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "version", lambda name: "9.9")
    assert told(lock, tmp_path) == [f"packages.{name}" for name in sorted(locks.PACKAGES)]


def test_another_result_is_told(lock: Lock) -> None:
    faults = result_differences(lock, {"next": inline(7)})
    assert [(fault.code, fault.at) for fault in faults] == [("L001", "results.all"), ("L001", "results.next")]


UNUSABLE = {
    "none": None,
    "no JSON": b"{",
    "an empty object": b"{}",
    "a list": b"[]",
    "a key more": b'{"lock": 1, "surprise": 1}',
    "another format": b'{"lock": 2, "graph": "", "parameters": {}, "nodes": {}, "models": {}, "packages": {}, '
    b'"machine": "", "results": {}}',
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_file_that_is_no_lock_is_refused(tmp_path: Path, name: str) -> None:
    content = UNUSABLE[name]
    if content is not None:
        (tmp_path / "a.lock.json").write_bytes(content)
    with pytest.raises(DioramaError, match="L002"):
        read_lock(tmp_path / "a.lock.json")
