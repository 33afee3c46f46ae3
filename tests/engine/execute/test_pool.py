"""The pool: which worker gets which call, how long each lives, what it is started with."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import threading
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest
from tests.support.calling import PLACE, Caller, calling, is_alive
from tests.support.faulty_nodes import Raw

from diorama.catalogue import Entry, Pack, installed
from diorama.execute import pool, proc
from diorama.execute.call import Call, Stopped
from diorama.execute.found import GivenNodes, InstalledNodes, NotFound, nodes_at
from diorama.execute.messages import node_name
from diorama.execute.pool import PoolOptions
from diorama.execute.processes import memory_of
from diorama.execute.scratch import PREFIX, scratch_folder
from diorama.node import Settings

OPTIONS = PoolOptions(catalogue=PLACE, cpu_workers=2)
PATIENT = replace(OPTIONS, grace_seconds=60.0)


def keep_busy(caller: Caller, count: int) -> list[int]:
    """Start calls that go on, and wait until each has begun."""
    calls = [caller.start("listens", x=number) for number in range(count)]
    caller.until(lambda: all(caller.of(call) for call in calls))
    return calls


def stop(caller: Caller, calls: list[int]) -> None:
    for call in calls:
        caller.executor.cancel(call)
        assert caller.end_of(call) == Stopped(call)


def test_workers_are_started_when_they_are_needed_and_stay(caller: Caller) -> None:
    assert caller.pids() == set()
    first = caller.value("worker_id", x=1)
    assert caller.value("worker_id", x=2) == first
    assert caller.pids() == {first}
    calls = keep_busy(caller, 2)
    assert len(caller.pids()) == 2
    assert [view.state for view in caller.executor.workers()] == ["busy", "busy"]
    stop(caller, calls)
    assert [view.state for view in caller.executor.workers()] == ["idle", "idle"]
    assert sum(view.calls for view in caller.executor.workers()) == 4


def test_a_call_goes_where_its_values_are_at_hand(caller: Caller) -> None:
    stop(caller, keep_busy(caller, 2))
    raws = [Raw(bytes([number]) * 200_000) for number in range(2)]
    homes = [caller.value("home_of", raw=raw) for raw in raws]
    both = [caller.start("home_of", raw=Raw(bytes([number]) * 100)) for number in range(2)]
    for call in both:
        caller.end_of(call)
    assert [caller.value("home_of", raw=raw) for raw in raws] == homes


def test_light_calls_of_packs_that_are_not_trusted_are_handed_over(tmp_path: Path, caller: Caller) -> None:
    assert caller.value("process_id", x=1) in caller.pids()
    with calling(tmp_path / "other", OPTIONS, trusted=frozenset({"t"})) as trusting:
        assert trusting.value("process_id", x=1) == os.getpid()
        assert trusting.pids() == set()


def test_a_call_that_is_cancelled_before_its_worker_is_ready_never_runs(tmp_path: Path) -> None:
    with calling(tmp_path / "store", PATIENT) as caller:
        call = caller.start("listens", x=1)
        stop(caller, [call])
        assert len(caller.of(call)) == 1
        (view,) = caller.executor.workers()
        assert view.state == "idle"


def test_a_worker_that_dies_at_rest_costs_no_call(caller: Caller) -> None:
    first = caller.value("worker_id", x=1)
    assert isinstance(first, int)
    handle = os.pidfd_open(first)
    os.kill(first, signal.SIGKILL)
    assert select.select([handle], [], [], 20.0)[0]
    os.close(handle)
    # Nothing was heard of it yet.
    assert caller.value("worker_id", x=2) != first
    assert first not in caller.pids()


def test_a_worker_is_replaced_after_so_many_calls(tmp_path: Path) -> None:
    with calling(tmp_path / "store", replace(OPTIONS, recycle_calls=3)) as caller:
        pids = [caller.value("worker_id", x=number) for number in range(7)]
        assert [pids.index(pid) for pid in pids] == [0, 0, 0, 3, 3, 3, 6]


def test_a_worker_that_keeps_too_much_memory_is_replaced(tmp_path: Path) -> None:
    with calling(tmp_path / "store", replace(OPTIONS, recycle_bytes=50 * 2**20)) as caller:
        first = caller.value("keeps_memory", mib=1)
        assert caller.value("keeps_memory", mib=80) == first
        assert caller.value("worker_id", x=1) != first


def test_idle_workers_go_but_for_those_that_stay_warm(tmp_path: Path) -> None:
    with calling(tmp_path / "store", replace(OPTIONS, idle_seconds=0.1, warm_workers=1)) as caller:
        stop(caller, keep_busy(caller, 2))
        caller.until(lambda: len(caller.pids()) == 1)
        (left,) = caller.pids()
        assert caller.value("worker_id", x=1) == left


def test_what_a_call_changes_of_its_process_is_changed_back(shared: Caller, tmp_path: Path) -> None:
    assert shared.value("wanders", place=str(tmp_path)) == os.getcwd()
    assert shared.value("wanders", place=str(tmp_path)) == os.getcwd()


def test_a_worker_loads_what_its_calls_need_and_no_more(tmp_path: Path) -> None:
    with calling(tmp_path / "store", OPTIONS) as caller:
        names = caller.value("loaded", x=1)
    assert isinstance(names, list)
    assert not {"torch", "diffusers", "transformers", "scipy", "trimesh", "fastapi"} & set(names)


def test_a_node_of_an_installed_pack_is_found_alone(tmp_path: Path) -> None:
    entry = next(one for one in installed().entries.values() if not one.node.settings.models)
    found = InstalledNodes().find(node_name(Call(1, entry, [])))
    assert found.node is entry.node


def test_a_pack_that_was_edited_since_the_server_started_is_not_called() -> None:
    entry = next(iter(installed().entries.values()))
    older = Entry(entry.id, Pack(entry.pack.name, "1", "0" * 16), entry.node)
    with pytest.raises(NotFound, match="was edited since the server started; start it again"):
        InstalledNodes().find(node_name(Call(1, older, [])))


def test_a_node_that_is_not_there_is_not_found() -> None:
    entry = next(iter(installed().entries.values()))
    named = replace(node_name(Call(1, entry, [])), name="nothing")
    with pytest.raises(NotFound, match="has no node 'nothing'"):
        InstalledNodes().find(named)
    nodes = nodes_at(PLACE)
    assert isinstance(nodes, GivenNodes)
    with pytest.raises(NotFound, match="has no node"):
        nodes.find(named)
    with pytest.raises(NotFound, match="is no catalogue"):
        nodes_at("tests.support.faulty_nodes:HEAVY")


@pytest.mark.parametrize("place", ["tests.support.nowhere:catalogue", "tests.support.faulty_nodes:nothing"])
def test_a_catalogue_that_cannot_be_read_fails_the_call_for_good(tmp_path: Path, place: str) -> None:
    with calling(tmp_path / "store", replace(OPTIONS, catalogue=place)) as caller:
        failed = caller.failed("next_of", x=1)
        assert (failed.code, failed.is_final) == ("R001", True)
        assert "the worker cannot call t/next_of" in failed.message


def test_a_worker_that_cannot_be_started_fails_the_call(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*given: object, **options: object) -> NoReturn:
        raise OSError(11, "Resource temporarily unavailable")

    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "Popen", full)
        failed = caller.failed("next_of", x=1)
    assert (failed.code, failed.cause) == ("R010", "crash")
    assert failed.message == "a worker could not be started: Resource temporarily unavailable"
    assert caller.value("next_of", x=1) == 2


def test_deaths_are_noticed_on_systems_that_do_not_tell_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "pidfd_open")
    with calling(tmp_path / "store", OPTIONS) as caller:
        assert "exit code 3" in caller.failed("exits", code=3).message
        call = caller.start("deaf", x=1)
        caller.until(lambda: bool(caller.of(call)))
        caller.executor.abandon(call)
        assert caller.value("next_of", x=1) == 2


def test_an_order_that_is_too_long_fails_its_call(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "ORDER_BYTES", 100)
    failed = caller.failed("next_of", x=1)
    assert failed.is_final
    assert "too many values to be handed to a worker" in failed.message


def test_a_wait_is_ended_from_another_thread(caller: Caller) -> None:
    threading.Timer(0.05, caller.executor.wake).start()
    assert caller.executor.wait(30.0) == []
    assert caller.executor.wait(0.0) == []


def test_what_is_woken_after_the_end_writes_nowhere(tmp_path: Path) -> None:
    with calling(tmp_path / "store", OPTIONS) as caller:
        executor = caller.executor
    files = [(tmp_path / str(number)).open("wb", buffering=0) for number in range(8)]
    executor.wake()
    executor.close()
    for file in files:
        file.close()
    assert [(tmp_path / str(number)).stat().st_size for number in range(8)] == [0] * 8


def test_an_executor_ends_although_its_workers_hang(tmp_path: Path) -> None:
    with calling(tmp_path / "store", OPTIONS) as caller:
        calls = [caller.start("deaf", x=1), caller.start("forks", place=str(tmp_path / "forked"))]
        caller.until(lambda: all(caller.of(call) for call in calls))
        forked = [int(word) for word in (tmp_path / "forked").read_text().split()]
    for pid in forked:
        assert not is_alive(pid)


def test_folders_of_servers_that_were_killed_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    mine = scratch_folder()
    left = tmp_path / f"{PREFIX}-{os.getpid()}-12345-abc"
    foreign = tmp_path / f"{PREFIX}-of-somebody-else"
    for folder in (left, foreign):
        folder.mkdir()
    other = scratch_folder()
    assert sorted(tmp_path.iterdir()) == sorted([mine, other, foreign])


MEMORY = [
    pytest.param(Settings(memory_gib=0.5), 2**29, id="as the node says"),
    pytest.param(Settings(), min(2**34, int(proc.machine_bytes() * 0.8)), id="the setting, or most of the machine"),
]


@pytest.mark.parametrize(("settings", "wanted"), MEMORY)
def test_a_call_may_take_so_much_memory(settings: Settings, wanted: int) -> None:
    entry = next(iter(installed().entries.values()))
    made = type(entry.node)(entry.node.function, settings)
    assert memory_of(Entry("t/it", Pack("t", "1"), made)) == wanted
