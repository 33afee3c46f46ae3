"""Several servers over one database and store: the queue, calls, wishes and events are theirs together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from tests.support.services import BOUND, kinds, over, submitted, until, waited_for
from tests.support.tally import catalogue, gated_row, graph_of, noted, row_of_slow

from diorama.graph import Graph
from diorama.run.options import ServiceOptions
from diorama.run.service import Service
from diorama.run.views import RunFilter, Submission

OPTIONS = ServiceOptions(max_running=2, poll_seconds=0.05)


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[list[Service]]:
    """Two services over one store."""
    store = tmp_path / "store"
    with (
        Service(store, catalogue=catalogue(), options=OPTIONS) as one,
        Service(store, catalogue=catalogue(), options=OPTIONS) as other,
    ):
        yield [one, other]


def one_call(number: int) -> Graph:
    return graph_of({"a": ("slow", {"x": number})}, "a")


def test_each_queued_run_is_run_once_by_one_of_them(servers: list[Service], tally: Path) -> None:
    first, second = servers
    first.pause_queue()
    runs = [submitted(servers[number % 2], one_call(number)) for number in range(40)]
    second.resume_queue()
    for run in runs:
        assert over(first, run).state == "succeeded"
    assert Counter(noted(tally)) == {f"slow-{number}": 1 for number in range(40)}
    assert all(kinds(first, run).count("run_started") == 1 for run in runs)


def test_a_call_that_both_want_at_once_is_made_once(servers: list[Service], tally: Path) -> None:
    runs = [submitted(service, row_of_slow(10)) for service in servers]
    for service, run in zip(servers, runs, strict=True):
        assert over(service, run).state == "succeeded"
    assert Counter(noted(tally)) == {f"slow-{number}": 1 for number in range(10)}


def test_a_pause_of_the_queue_holds_for_both(servers: list[Service]) -> None:
    servers[0].pause_queue()
    waited_for(lambda: servers[1].queue().paused)
    run = submitted(servers[1], one_call(1))
    assert servers[1].run(run).state == "queued"
    servers[1].resume_queue()
    assert over(servers[0], run).state == "succeeded"


def test_a_run_is_cancelled_through_a_server_that_has_it_not(servers: list[Service], gate: Path) -> None:
    run = submitted(servers[0], gated_row(1))
    until(servers[0], run, lambda view: view.seq >= 3)
    assert servers[1].cancel(run).state == "running"
    assert over(servers[1], run).state == "cancelled"


def test_a_run_is_paused_through_one_and_goes_on_at_another(servers: list[Service], gate: Path, tally: Path) -> None:
    graph = graph_of({"a": ("gated", {"x": 1}), "b": ("slow", {"x": "@a"})}, "b")
    run = submitted(servers[0], graph)
    until(servers[0], run, lambda view: view.seq >= 3)
    servers[1].pause(run)
    # It is asked of the server that has the run; what is under way ends.
    waited_for(lambda: servers[0].stage.going[run].wish == "pause")
    gate.touch()
    assert over(servers[1], run).state == "paused"
    servers[0].close()
    servers[1].resume(run)
    assert until(servers[1], run, lambda view: view.state == "succeeded").attempt == 2
    assert noted(tally) == ["gated-1", "slow-2"]


def test_a_subscriber_hears_how_the_queue_stands_with_the_runs_of_another_server(
    servers: list[Service], gate: Path
) -> None:
    with servers[1].hub.subscribe(["queue"]) as heard:
        assert heard.get(BOUND), "how it stands is told first"
        run = submitted(servers[0], gated_row(1))
        states: list[dict[str, int]] = []
        while {"running": 1} not in states:
            frames = heard.get(BOUND)
            assert frames
            told = [orjson.loads(event) for frame in frames for _, event in frame.events]
            states += [event["states"] for event in told if event["kind"] == "queue_changed"]
    gate.touch()
    assert over(servers[0], run).state == "succeeded"


def test_a_subscriber_hears_a_run_of_another_server_whole(servers: list[Service], gate: Path) -> None:
    with servers[1].hub.subscribe() as heard:
        run = submitted(servers[0], gated_row(3))
        heard.add([f"run:{run}"], {})
        gate.touch()
        found: list[int] = []
        while not found or servers[0].run(run).seq > found[-1] or servers[0].run(run).state == "running":
            frames = heard.get(BOUND)
            assert frames
            found += [seq for frame in frames for seq, _ in frame.events if seq]
    assert found == [seq for seq, _ in servers[0].events(run)]


def test_runs_of_several_clients_are_listed_by_both(servers: list[Service], tally: Path) -> None:
    servers[0].pause_queue()
    runs = [submitted(servers[0], one_call(number), client=f"client{number % 3}") for number in range(9)]
    servers[0].resume_queue()
    for run in runs:
        over(servers[1], run)
    for number in range(3):
        wanted = RunFilter(client=f"client{number}", state="succeeded")
        assert len(servers[1].runs(wanted).items) == 3
    assert len(noted(tally)) == 9


def test_an_idempotency_key_counts_on_both(servers: list[Service]) -> None:
    one = Submission(one_call(5), idempotency_key="k")
    first, is_first = servers[0].submit(one)
    again, is_new = servers[1].submit(one)
    assert (is_first, is_new, again.id) == (True, False, first.id)
    over(servers[0], first.id)
