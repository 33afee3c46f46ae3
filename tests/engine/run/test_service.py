"""The service in one process: runs submitted, queued, cancelled, paused and told of."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.services import BOUND, kinds, over, submitted, until
from tests.support.tally import catalogue, gated_row, graph_of, row_of_slow

from diorama.faults import DioramaError
from diorama.refs import Inline
from diorama.refusals import KeyReused, NoSuch, WrongState
from diorama.run import events as told
from diorama.run.service import Service
from diorama.run.views import RunFilter, Submission

THREE = graph_of(
    {"a": ("doubled", {"x": 1}), "b": ("doubled", {"x": "@a"}), "c": ("doubled", {"x": "@b"})}, "c", title="three"
)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with Service(tmp_path / "store", catalogue=catalogue()) as service:
        yield service


def test_a_run_is_queued_run_and_told_of(service: Service) -> None:
    run = submitted(service, THREE)
    view = over(service, run)
    assert (view.state, view.results, view.attempt, view.progress) == ("succeeded", ["c"], 1, None)
    result = service.results(run)["c"]
    assert isinstance(result, Inline)
    assert result.value == 8
    assert kinds(service, run) == ["run_queued", "run_started", *["call_finished"] * 3, "result_ready", "run_ended"]
    assert [seq for seq, _ in service.events(run)] == list(range(1, 8))


def test_who_reads_of_the_end_in_the_journal_finds_the_results_though_nobody_was_told_yet(service: Service) -> None:
    is_written, is_seen = threading.Event(), threading.Event()

    def hold(event: told.Event) -> None:
        if isinstance(event, told.CallFinished):
            is_written.set()
            is_seen.wait(BOUND)

    service.hub.taps.append(hold)
    run = submitted(service, THREE)
    try:
        assert is_written.wait(BOUND)
        assert kinds(service, run)[-1] == "run_ended"
        assert list(service.results(run)) == service.run(run).results == ["c"]
    finally:
        is_seen.set()


def test_a_graph_with_faults_is_refused_with_all_of_them_and_not_queued(service: Service) -> None:
    graph = graph_of({"a": ("doubled", {"x": "word"}), "b": ("nothing", {})}, "a")
    with pytest.raises(DioramaError) as raised:
        service.submit(Submission(graph))
    assert {fault.code for fault in raised.value.faults} == {"G105", "G101"}
    assert service.runs().items == []


def test_the_same_key_is_the_same_run_and_another_request_under_it_is_refused(service: Service) -> None:
    first, is_first = service.submit(Submission(THREE, idempotency_key="k"))
    again, is_new = service.submit(Submission(THREE, idempotency_key="k"))
    other, _ = service.submit(Submission(THREE, idempotency_key="k", client="other"))
    assert (is_first, is_new, again.id == first.id, other.id == first.id) == (True, False, True, False)
    with pytest.raises(KeyReused):
        service.submit(Submission(THREE, idempotency_key="k", priority=3))


def test_a_cancelled_run_never_starts_and_one_under_way_stops(service: Service, gate: Path) -> None:
    service.pause_queue()
    waiting = submitted(service, THREE)
    assert service.cancel(waiting).state == "cancelled"
    service.resume_queue()
    going = submitted(service, gated_row(2))
    until(service, going, lambda view: view.seq >= 3)
    service.cancel(going)
    assert over(service, going).state == "cancelled"
    assert kinds(service, waiting) == ["run_queued", "run_ended"]
    assert service.cancel(going).state == "cancelled"
    with pytest.raises(WrongState):
        service.pause(going)


def test_a_paused_run_finishes_its_calls_and_goes_on_where_it_was(service: Service, gate: Path) -> None:
    graph = graph_of({"a": ("gated", {"x": 1}), "b": ("slow", {"x": "@a"})}, "b")
    run = submitted(service, graph)
    until(service, run, lambda view: view.seq >= 3)
    service.pause(run)
    gate.touch()
    assert over(service, run).state == "paused"
    assert kinds(service, run) == ["run_queued", "run_started", "call_started", "call_finished", "run_paused"]
    service.resume(run)
    view = until(service, run, lambda view: view.state == "succeeded")
    assert view.attempt == 2
    later = kinds(service, run)[5:]
    assert later[:3] == ["run_resumed", "run_started", "steps_cached"]
    assert later.count("call_started") == 1


def test_runs_are_listed_by_what_they_are(service: Service) -> None:
    runs = [submitted(service, THREE, client=client) for client in ("ann", "bob", "ann")]
    for run in runs:
        over(service, run)
    assert {view.id for view in service.runs(RunFilter(client="ann")).items} == {runs[0], runs[2]}
    first = service.runs(limit=2)
    rest = service.runs(cursor=first.next, limit=2)
    assert {view.id for view in [*first.items, *rest.items]} == set(runs)
    assert rest.next is None
    with pytest.raises(NoSuch):
        service.run("nobody")


def test_no_more_runs_are_under_way_than_the_limits_allow(service: Service, gate: Path) -> None:
    service.set_settings({"max_running": 3, "max_running_per_client": 2})
    runs = [submitted(service, gated_row(1), client=client, use_cache=False) for client in ("ann", "ann", "ann", "bob")]
    for run in (runs[1], runs[3]):
        until(service, run, lambda view: view.state == "running")
    queue = service.queue()
    assert sorted(queue.running) == sorted([runs[0], runs[1], runs[3]])
    gate.touch()
    assert [over(service, run).state for run in runs] == ["succeeded"] * 4


def test_a_failed_run_is_tried_again_under_its_id(service: Service) -> None:
    run = submitted(service, row_of_slow(2))
    assert over(service, run).state == "succeeded"
    with pytest.raises(WrongState):
        service.retry(run)
    with pytest.raises(WrongState):
        service.discard(run)
    assert service.delete(run).id == run
    with pytest.raises(NoSuch):
        service.run(run)
