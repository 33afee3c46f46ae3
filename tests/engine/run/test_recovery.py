"""What becomes of runs whose server died: killed in a process of its own, or taken for dead in this one."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from sqlalchemy import select
from tests.support.child import ROOT, has_ended
from tests.support.service_child import begin
from tests.support.services import BOUND, kinds, over, submitted, until, waited_for
from tests.support.tally import catalogue, gated_row, graph_of, noted, row_of_slow

from diorama.faults import DioramaError
from diorama.refusals import NoSuch, WrongState
from diorama.run.options import Recovery, ServiceOptions
from diorama.run.service import Service
from diorama.store.calls import CallStore
from diorama.store.care import verify
from diorama.store.tables import calls

COUNT = 200


def killed_in_the_middle(store: Path, tally: Path) -> str:
    """The id of a run whose server was killed while it made its calls."""
    child, run = begin(store, COUNT)
    waited_for(lambda: len(noted(tally)) > 40)
    child.kill()
    assert has_ended(child, BOUND)
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.close()
    child.stdout.close()
    assert len(noted(tally)) < COUNT, "the run was over before its server was killed"
    return run


ALONE = """
import sys
from pathlib import Path
from diorama.session import Session
from tests.support.tally import catalogue, gated_row
with Session(Path(sys.argv[1]), catalogue=catalogue()) as session:
    session.run(gated_row(1))
"""


def test_a_run_of_a_program_is_taken_up_once_the_program_died(tmp_path: Path, tally: Path, gate: Path) -> None:
    store = tmp_path / "store"
    child = subprocess.Popen([sys.executable, "-c", ALONE, str(store)], cwd=ROOT)
    waited_for(lambda: noted(tally) == ["gated-0"])
    with opened(store) as service:
        [view] = service.runs().items
        assert view.state == "running", "it was taken from a program that lives"
        child.kill()
        child.wait(BOUND)
        until(service, view.id, lambda view: view.state == "interrupted")
        gate.touch()
        resumed_when_asked(service, view.id)


def kept(store: Path) -> set[str]:
    """The calls that are in the cache, as their lines in the tally."""
    opened = CallStore(store)
    with opened.reading() as connection:
        documents = connection.execute(select(calls.c.document)).scalars().all()
    opened.close()
    return {f"slow-{orjson.loads(document)['inputs']['x']['value']}" for document in documents}


def opened(store: Path, recovery: Recovery = "ask") -> Service:
    return Service(store, catalogue=catalogue(), options=ServiceOptions(recovery=recovery))


def resumed_by_itself(service: Service, run: str) -> None:
    assert until(service, run, lambda view: view.state == "succeeded").attempt == 2


def resumed_when_asked(service: Service, run: str) -> None:
    assert service.run(run).state == "interrupted"
    service.resume(run)
    resumed_by_itself(service, run)


def discarded_by_itself(service: Service, run: str) -> None:
    with pytest.raises(NoSuch):
        service.run(run)


def discarded_when_asked(service: Service, run: str) -> None:
    assert service.discard(run).state == "interrupted"
    discarded_by_itself(service, run)


def failed_by_itself(service: Service, run: str) -> None:
    view = service.run(run)
    assert (view.state, [fault.code for fault in view.faults]) == ("failed", ["R014"])
    assert kinds(service, run)[-2:] == ["run_ended", "run_ended"]


def failed_when_asked(service: Service, run: str) -> None:
    view = service.save_as_failed(run)
    assert (view.state, [fault.code for fault in view.faults]) == ("failed", ["R014"])
    with pytest.raises(WrongState):
        service.resume(run)


WAYS: list[tuple[str, Recovery, Callable[[Service, str], None], int]] = [
    ("resume by the setting", "resume", resumed_by_itself, COUNT),
    ("resume when asked", "ask", resumed_when_asked, COUNT),
    ("discard by the setting", "discard", discarded_by_itself, 0),
    ("discard when asked", "ask", discarded_when_asked, 0),
    ("save as failed by the setting", "fail", failed_by_itself, 0),
    ("save as failed when asked", "ask", failed_when_asked, 0),
]


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("recovery", "recovered", "made"), [pytest.param(*way[1:], id=way[0]) for way in WAYS])
def test_a_run_whose_server_was_killed(
    tmp_path: Path, tally: Path, recovery: Recovery, recovered: Callable[[Service, str], None], made: int
) -> None:
    store = tmp_path / "store"
    run = killed_in_the_middle(store, tally)
    before, known = noted(tally), kept(store)
    with opened(store, recovery) as service:
        recovered(service, run)
        assert verify(service.store).database == "ok"
    after = noted(tally)[len(before) :]
    assert not known & set(after), "a call was made again that was in the cache"
    assert len(known) + len(after) >= made
    assert max(Counter(after).values(), default=1) == 1


@pytest.mark.timeout(120)
def test_a_server_that_closes_hands_its_runs_back_to_the_queue(tmp_path: Path, tally: Path, gate: Path) -> None:
    store = tmp_path / "store"
    first = opened(store)
    first.start()
    run = submitted(first, gated_row(2))
    until(first, run, lambda view: view.seq >= 4)
    first.close(grace_seconds=0.0)
    with opened(store) as second:
        gate.touch()
        view = until(second, run, lambda view: view.state == "succeeded")
        assert view.attempt == 2
        assert kinds(second, run)[:5] == ["run_queued", "run_started", "call_started", "call_started", "run_resumed"]


def test_a_server_that_closes_waits_for_what_ends_soon(tmp_path: Path) -> None:
    with opened(tmp_path / "store") as first:
        run = submitted(first, row_of_slow(20))
    with opened(tmp_path / "store") as second:
        assert (second.run(run).state, second.run(run).attempt) == ("succeeded", 1)


@pytest.mark.timeout(60)
def test_a_server_that_was_taken_for_dead_writes_no_more_of_its_runs(tmp_path: Path, tally: Path, gate: Path) -> None:
    store = tmp_path / "store"
    with (
        opened(store) as first,
        Service(store, catalogue=catalogue(), options=ServiceOptions(lease_seconds=0.2, recovery="resume")) as second,
    ):
        # Without its pump the first shows no sign of life, but its engine goes on.
        assert first.pump.close(BOUND)
        run = submitted(first, gated_row(2))
        until(second, run, lambda view: view.attempt == 2 and view.state == "running")
        gate.touch()
        assert until(second, run, lambda view: view.state == "succeeded").attempt == 2
        waited_for(lambda: run not in first.stage.going)
        told = kinds(second, run)
        assert told.count("run_started") == 2
        assert told.count("run_ended") == 2
        assert told[-1] == "run_ended"
        assert [seq for seq, _ in second.events(run)] == list(range(1, len(told) + 1))


@pytest.mark.timeout(60)
def test_a_server_that_comes_back_lets_go_of_what_it_had_and_takes_part_anew(tmp_path: Path, gate: Path) -> None:
    store = tmp_path / "store"
    with opened(store) as first:
        run = submitted(first, gated_row(1))
        until(first, run, lambda view: view.seq >= 3)
        first.membership.servers.bury(first.id)
        first.membership.queue.interrupt(first.id)
        waited_for(lambda: run not in first.stage.going)
        assert first.run(run).state == "interrupted"
        gate.touch()
        first.resume(run)
        assert until(first, run, lambda view: view.state == "succeeded").attempt == 2


def test_a_run_that_makes_all_anew_makes_each_call_once_however_often_it_is_resumed(
    tmp_path: Path, tally: Path, gate: Path
) -> None:
    graph = graph_of({"a": ("slow", {"x": 1}), "b": ("gated", {"x": "@a"}), "c": ("slow", {"x": "@b"})}, "c")
    once = {"slow-1": 1, "gated-2": 1, "slow-3": 1}
    with opened(tmp_path / "store") as service:
        gate.touch()
        assert over(service, submitted(service, graph)).state == "succeeded"
        assert Counter(noted(tally)) == once
        tally.unlink()
        gate.unlink()
        run = submitted(service, graph, use_cache=False)
        waited_for(lambda: noted(tally) == ["slow-1", "gated-2"])
        service.pause(run)
        gate.touch()
        assert over(service, run).state == "paused"
        service.resume(run)
        assert until(service, run, lambda view: view.state == "succeeded").attempt == 2
        assert Counter(noted(tally)) == once


def test_a_run_that_its_server_had_not_begun_just_waits_again(tmp_path: Path) -> None:
    store = tmp_path / "store"
    first = opened(store)
    # Accepted, and taken by a server that dies before its engine turns.
    first.stage.others_wait = False
    run = submitted(first, row_of_slow(2))
    assert first.run(run).state == "running"
    first.store.close()
    with opened(store) as second:
        assert over(second, run).state == "succeeded"
        assert kinds(second, run)[:3] == ["run_queued", "run_ended", "run_resumed"]


def test_what_was_asked_of_a_run_counts_also_when_its_server_dies(tmp_path: Path) -> None:
    store = tmp_path / "store"
    first = opened(store)
    first.stage.others_wait = False
    run = submitted(first, row_of_slow(2))
    first.membership.queue.wish(run, "cancel")
    first.store.close()
    with opened(store, "resume") as second:
        assert second.run(run).state == "cancelled"
        assert kinds(second, run) == ["run_queued", "run_ended"]
        with pytest.raises(DioramaError):
            second.resume(run)
