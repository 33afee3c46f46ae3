"""Whole runs over worker processes: what dies is tried again, what hangs is ended, the others never notice."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import JsonValue
from tests.support.calling import PLACE, is_alive
from tests.support.faulty_nodes import Raw, catalogue
from tests.support.tally import TALLY, graph_of, noted

from diorama.execute.pool import PoolOptions
from diorama.execute.processes import ProcessExecutor
from diorama.graph import Constant, Graph, GraphNode, Wire
from diorama.refs import inline
from diorama.run import events as told
from diorama.session import Result, Session

Nodes = dict[str, tuple[str, Mapping[str, object]]]


@dataclass
class Runs:
    """A session over worker processes, and the calls that its nodes noted."""

    session: Session
    tally: Path

    def run(self, graph: Graph, **options: object) -> tuple[Result, list[told.Event]]:
        """Run a graph; gives what was told too."""
        heard: list[told.Event] = []
        return self.session.run(graph, listener=heard.append, **options), heard  # type: ignore[arg-type]

    def noted(self) -> Counter[str]:
        """How often each call was really made."""
        return Counter(noted(self.tally))

    @property
    def executor(self) -> ProcessExecutor:
        assert isinstance(self.session.executor, ProcessExecutor)
        return self.session.executor


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runs]:
    tally = tmp_path / "tally"
    monkeypatch.setenv(TALLY, str(tally))
    options = PoolOptions(catalogue=PLACE, cpu_workers=2)

    def executor(transport: object) -> ProcessExecutor:
        return ProcessExecutor(transport, options=options, trusted=frozenset({"t"}))  # type: ignore[arg-type]

    with Session(tmp_path / "store", catalogue=catalogue(), executor=executor) as session:
        made = Runs(session, tally)
        yield made
        pids = [view.pid for view in made.executor.workers()]
    assert not [pid for pid in pids if is_alive(pid)]


def test_a_graph_of_light_and_heavy_nodes_gives_what_it_gives_inline(runs: Runs, tmp_path: Path) -> None:
    nodes: Nodes = {
        "light": ("light_next", {"x": 1}),
        "heavy": ("next_of", {"x": "@light"}),
        "here": ("process_id", {"x": "@heavy"}),
        "there": ("worker_id", {"x": "@heavy"}),
        "raw": ("many_raw", {"size": 100_000, "by": "@heavy"}),
        "grown": ("grown_raw", {"raw": "@raw", "by": 1}),
    }
    graph = graph_of(nodes, "heavy", "here", "there", "grown")
    result, _ = runs.run(graph)
    assert result.state == "succeeded", result.faults
    assert result["heavy"] == 3
    assert result["here"] == os.getpid()
    assert result["there"] in {view.pid for view in runs.executor.workers()}
    with Session(tmp_path / "other", catalogue=catalogue(), executor="inline") as session:
        other = session.run(graph)
    assert other.outputs["grown"] == result.outputs["grown"]
    assert isinstance(result["grown"], Raw)
    again, _ = runs.run(graph)
    assert all(call["cached"] for call in again.manifest["calls"])  # type: ignore[index,union-attr,call-overload]


def failing(type_: str, **inputs: object) -> Graph:
    """A node that fails, one below it, and one beside it."""
    nodes: Nodes = {"bad": (type_, inputs), "below": ("next_of", {"x": "@bad"}), "good": ("next_of", {"x": 1})}
    return graph_of(nodes, "bad", "below", "good")


@pytest.mark.parametrize("retries", [None, 5], ids=["as it is declared", "however many retries there are"])
def test_a_call_that_always_kills_its_worker_is_tried_twice_and_fails(runs: Runs, retries: int | None) -> None:
    result, heard = runs.run(failing("exits", code=3), retries=retries)
    assert result.state == "failed"
    assert [(fault.code, fault.at) for fault in result.faults] == [("R010", "bad")]
    assert {name: result[name] for name in result.outputs} == {"good": 2}
    assert runs.noted()["exits-3"] == 2
    assert [one.retried for one in heard if isinstance(one, told.CallFailed)] == [True, False]
    again, _ = runs.run(failing("exits", code=3))
    assert again.state == "failed", "a failure is not kept"


def test_a_call_whose_worker_is_killed_once_is_made_again(runs: Runs, tmp_path: Path) -> None:
    graph = graph_of({"it": ("dies_once", {"mark": str(tmp_path / "mark")})}, "it")
    result, heard = runs.run(graph)
    assert (result.state, result["it"]) == ("succeeded", 7)
    assert [(one.code, one.retried) for one in heard if isinstance(one, told.CallFailed)] == [("R010", True)]
    assert [one.attempt for one in heard if isinstance(one, told.CallStarted)] == [1, 2]
    calls = result.manifest["calls"]
    assert isinstance(calls, list)
    assert len(calls) == 1


def test_workers_that_are_killed_from_outside_cost_no_run(runs: Runs) -> None:
    """Fault 2 in short: each of the first calls loses its worker in the middle, once."""
    xs: list[JsonValue] = list(range(12))
    graph = Graph({"it": GraphNode("t/goes_on", {"x": Constant(xs)}, for_each=("x",))}, {"it": Wire("it", "value")})
    killed: set[int] = set()

    def kill(event: told.Event) -> None:
        if isinstance(event, told.CallProgress) and event.item is not None and len(killed) < 6:
            for child in list(runs.executor.pool.by_call.values()):
                assert child.assignment is not None
                if child.assignment.call.inputs[0]["x"] == inline(event.item) and event.item not in killed:
                    killed.add(event.item)
                    os.kill(child.pid, signal.SIGKILL)

    result = runs.session.run(graph, listener=kill)
    assert (result.state, result["it"]) == ("succeeded", list(range(1, 13)))
    assert len(killed) == 6
    assert runs.noted() == Counter({f"goes_on-{x}": 1 + (x in killed) for x in range(12)})
    calls = result.manifest["calls"]
    assert isinstance(calls, list)
    assert len(calls) == 12


@pytest.mark.parametrize("type_", ["hangs", "stops_itself"])
def test_a_call_past_its_time_limit_fails_and_its_worker_is_replaced(runs: Runs, type_: str) -> None:
    result, _ = runs.run(failing(type_, x=1))
    assert [(fault.code, fault.at) for fault in result.faults] == [("R003", "bad")]
    assert {name: result[name] for name in result.outputs} == {"good": 2}
    after, _ = runs.run(graph_of({"it": ("next_of", {"x": 41})}, "it"))
    assert after["it"] == 42


def test_the_item_that_kills_its_worker_costs_only_itself(runs: Runs) -> None:
    xs: list[JsonValue] = [11, 12, 13, 14]
    graph = Graph(
        {
            "it": GraphNode("t/several", {"x": Constant(xs)}, for_each=("x",)),
            "beside": GraphNode("t/next_of", {"x": Constant(1)}),
        },
        {"it": Wire("it", "value"), "beside": Wire("beside", "value")},
    )
    result, _ = runs.run(graph)
    assert [(fault.code, fault.at) for fault in result.faults] == [("R010", "it[2]")]
    assert runs.noted()["several-13"] == 3, "once with the others, and twice alone"
    assert runs.noted()["several-14"] == 1
    before = runs.noted()
    fewer = Graph(
        {"it": GraphNode("t/several", {"x": Constant([11, 12, 14])}, for_each=("x",))}, {"it": Wire("it", "value")}
    )
    result, _ = runs.run(fewer)
    assert result["it"] == [12, 13, 15]
    assert runs.noted() == before, "the others were kept"


@pytest.mark.parametrize("type_", ["listens", "loops", "deaf"])
def test_a_run_is_cancelled_inside_a_call(runs: Runs, type_: str) -> None:
    graph = graph_of({"it": (type_, {"x": 1}), "below": ("next_of", {"x": "@it"})}, "below")
    heard: list[told.Event] = []

    def hear(event: told.Event) -> None:
        heard.append(event)
        if isinstance(event, told.CallProgress):
            runs.session.scheduler.cancel(event.run)

    result = runs.session.run(graph, listener=hear)
    assert result.state == "cancelled"
    assert [type(one) for one in heard].count(told.RunEnded) == 1
    after, _ = runs.run(graph_of({"it": ("next_of", {"x": 1})}, "it"))
    assert after["it"] == 2


def test_a_blob_that_is_damaged_under_a_worker_is_made_again(runs: Runs) -> None:
    graph = graph_of({"raw": ("many_raw", {"size": 5000, "by": 3})}, "raw")
    result, _ = runs.run(graph)
    runs.session.store.blobs.path(result.outputs["raw"].digest).write_bytes(b"\0" * 5000)
    longer = graph_of(
        {"raw": ("many_raw", {"size": 5000, "by": 3}), "grown": ("grown_raw", {"raw": "@raw", "by": 1})}, "grown"
    )
    result, _ = runs.run(longer)
    assert result.state == "succeeded", result.faults
    assert result.bytes("grown") == b"\x04" * 5000


def test_lines_that_a_call_prints_are_told_as_events(runs: Runs) -> None:
    _, heard = runs.run(graph_of({"it": ("prints", {"text": "here"})}, "it"))
    logs = [one for one in heard if isinstance(one, told.Log)]
    assert "out here" in "\n".join(one.text for one in logs).splitlines()
    assert {one.step for one in logs} == {"it"}


def test_out_of_memory_is_tried_once_more_with_the_idle_workers_gone(runs: Runs) -> None:
    result, heard = runs.run(failing("leaks", by_mib=8))
    assert [(fault.code, fault.at) for fault in result.faults] == [("R009", "bad")]
    assert [one.retried for one in heard if isinstance(one, told.CallFailed)] == [True, False]
