"""What may go wrong in a service: it costs the run that it struck, and the others go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import orjson
import pytest
from tests.support.services import BOUND, kinds, over, submitted, waited_for
from tests.support.tally import catalogue, graph_of, row_of_slow

from diorama.catalogue import Pack, catalogue_of
from diorama.context import Context
from diorama.faults import failure
from diorama.graph import Constant, Graph, GraphNode, Wire
from diorama.keys import Digest
from diorama.node import Cost, node
from diorama.run import events as told
from diorama.run import walk
from diorama.run.service import Service
from diorama.run.subscription import message
from diorama.store.calls import CallStore
from diorama.store.group import Group
from diorama.store.run_rows import RunRows

GOOD = graph_of({"a": ("doubled", {"x": 21})}, "a")


class Fragile(CallStore):
    """A store whose disk is full while it is told so."""

    is_full = False

    def write(self, group: Group) -> list[Digest]:
        """Write a group, or say that there is no room."""
        if self.is_full:
            raise failure("R006", "store", "the disk is full; make room and run again, what is finished is kept")
        return super().write(group)


@node(cost=Cost(seconds=1.0))
def broken(ctx: Context, x: int) -> int:
    """Fail with a traceback."""
    raise ValueError(f"{x} is not to be had")


@pytest.fixture
def store(tmp_path: Path) -> Fragile:
    return Fragile(tmp_path / "store")


@pytest.fixture
def service(store: Fragile) -> Iterator[Service]:
    nodes = catalogue_of(Pack("t", "1"), broken, *(entry.node for entry in catalogue().entries.values()))
    with Service(store, catalogue=nodes) as service:
        yield service


def test_a_full_disk_fails_the_run_and_its_end_is_written_once_there_is_room(service: Service, store: Fragile) -> None:
    store.is_full = True
    run = submitted(service, GOOD)
    waited_for(lambda: run in service.stage.unsettled)
    # Shown as its clients were told that it ended, before that is on the disk.
    assert service.run(run).state == "failed"
    assert kinds(service, run) == ["run_queued"]
    store.is_full = False
    waited_for(lambda: run not in service.stage.unsettled)
    view = over(service, run)
    assert (view.state, [fault.code for fault in view.faults]) == ("failed", ["R006"])
    assert kinds(service, run) == ["run_queued", "run_ended"]
    service.retry(run)
    waited_for(lambda: service.run(run).state == "succeeded")
    assert service.run(run).attempt == 2


def test_an_error_in_the_engine_costs_the_run_it_struck(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = walk.inputs_of

    def fails(run: Any, number: int) -> Any:
        if run.plan.graph.title == "cursed":
            raise ZeroDivisionError("by nobody's fault")
        return moved(run, number)

    monkeypatch.setattr(walk, "inputs_of", fails)
    cursed = submitted(service, graph_of({"a": ("doubled", {"x": 1})}, "a", title="cursed"))
    good = submitted(service, GOOD)
    view = over(service, cursed)
    assert [fault.code for fault in view.faults] == ["R008"]
    assert "ZeroDivisionError" in view.faults[0].message
    assert over(service, good).state == "succeeded"


def test_a_listener_that_fails_is_told_of_and_no_run_knows(service: Service) -> None:
    heard: list[str] = []

    def fail(event: told.Event) -> None:
        if isinstance(event, told.ResultReady):
            raise BrokenPipeError

    service.hub.taps.append(fail)
    service.hub.taps.append(lambda event: heard.append(event.kind))
    with service.hub.subscribe(["log"]) as log:
        run = submitted(service, GOOD)
        assert over(service, run).state == "succeeded"
        waited_for(lambda: "run_ended" in heard)
        assert heard == kinds(service, run)
        assert b"BrokenPipeError" in message(log.get(BOUND))


def test_a_row_that_cannot_be_read_fails_its_run(service: Service) -> None:
    service.pause_queue()
    bad, good = submitted(service, GOOD), submitted(service, GOOD)
    with service.store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE runs SET options = 'no JSON' WHERE id = '{bad}'")
    service.resume_queue()
    assert [fault.code for fault in over(service, bad).faults] == ["R008"]
    assert over(service, good).state == "succeeded"


def test_a_node_that_is_gone_when_a_run_begins_fails_it_with_its_fault(service: Service) -> None:
    service.pause_queue()
    run = submitted(service, GOOD)
    gone = Graph({"a": GraphNode("t/gone", {"x": Constant(1)})}, {"a": Wire("a", "value")})
    with service.store.writing() as connection:
        text = orjson.dumps(gone.document()).decode()
        connection.exec_driver_sql("UPDATE runs SET graph = ? WHERE id = ?", (text.encode(), run))
    service.resume_queue()
    view = over(service, run)
    assert (view.state, [fault.code for fault in view.faults]) == ("failed", ["G101"])


def test_the_traceback_of_a_failed_call_is_kept_for_the_log(service: Service) -> None:
    graph = Graph({"a": GraphNode("t/broken", {"x": Constant(7)})}, {"a": Wire("a", "value")})
    run = submitted(service, graph, retries=1)
    assert over(service, run).state == "failed"
    log = service.log(run)
    assert [line.step for line in log] == ["a", "a"]
    assert all("ValueError: 7 is not to be had" in line.text for line in log)
    events = {seq: orjson.loads(event) for seq, event in service.events(run)}
    assert [events[line.number]["kind"] for line in log] == ["call_failed", "call_failed"]
    assert "Traceback" not in str(service.run(run).faults)


Asked = Callable[[Service, str], object]
ASKED: list[tuple[str, Asked]] = [
    ("cancel", Service.cancel),
    ("pause", Service.pause),
    ("delete", Service.delete),
]


@pytest.mark.parametrize(("name", "asked"), [pytest.param(*one, id=one[0]) for one in ASKED])
def test_what_is_asked_at_once_by_many_threads_is_done_once(service: Service, name: str, asked: Asked) -> None:

    service.pause_queue()
    run = submitted(service, row_of_slow(3))
    with ThreadPoolExecutor(8) as pool:
        done = [pool.submit(asked, service, run) for _ in range(16)]
        errors = [one.exception() for one in done]
    if name == "delete":
        assert sum(error is None for error in errors) == 1
        assert service.runs().items == []
    else:
        assert errors == [None] * 16
        assert kinds(service, run).count("run_ended" if name == "cancel" else "run_paused") == 1


def test_hundreds_of_runs_from_many_threads_all_end(service: Service) -> None:

    def submit(number: int) -> str:
        return submitted(service, graph_of({"a": ("doubled", {"x": number})}, "a"), client=f"c{number % 7}")

    with ThreadPoolExecutor(8) as pool:
        runs = list(pool.map(submit, range(300)))
    waited_for(lambda: service.queue().states == {})
    assert len(set(runs)) == 300
    assert RunRows(service.store).counts() == {"succeeded": 300}
