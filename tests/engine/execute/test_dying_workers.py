"""A worker that dies, hangs, leaks or talks garbage costs its own call only."""

from __future__ import annotations

import os
import select
import signal
from pathlib import Path

import pytest
from tests.support.calling import Caller, is_alive, serving

from diorama.execute.call import Done, Logged, Progressed, Stopped

DEATHS = [
    pytest.param("exits", {"code": 3}, "ended by itself with exit code 3", id="os._exit"),
    pytest.param("exits", {"code": 0}, "ended by itself with exit code 0", id="os._exit as if all were well"),
    pytest.param("segfaults", {"x": 16}, "died by signal 11 (SIGSEGV)", id="a segmentation fault"),
    pytest.param("killed", {"signal_number": 9}, "died by signal 9 (SIGKILL)", id="a kill"),
    pytest.param("killed", {"signal_number": 6}, "died by signal 6 (SIGABRT)", id="an abort"),
    pytest.param("killed", {"signal_number": 15}, "died by signal 15 (SIGTERM)", id="a request to end"),
    pytest.param("hangs_up", {"x": 1}, "was ended: it broke off the connection", id="a line that is closed"),
]


@pytest.mark.parametrize(("node", "inputs", "sentence"), DEATHS)
def test_a_worker_that_dies_costs_its_own_call_and_the_next_one_is_made(
    shared: Caller, node: str, inputs: dict[str, object], sentence: str
) -> None:
    beside = shared.start("next_of", x=1)
    failed = shared.failed(node, **inputs)
    assert (failed.code, failed.cause, failed.is_final) == ("R010", "crash", False)
    assert f"the call's worker {sentence}, after " in failed.message
    assert isinstance(shared.end_of(beside), Done)
    assert shared.value("next_of", x=2) == 3
    assert shared.of(beside) == [shared.end_of(beside)]


def test_what_is_known_of_a_dead_worker_is_told(shared: Caller) -> None:
    failed = shared.failed("segfaults", x=16)
    assert "at 40% (about to fall)" in failed.message
    assert "Segmentation fault" in failed.traceback
    assert "in segfaults" in failed.traceback
    failed = shared.failed("killed", signal_number=9)
    assert failed.traceback == "last words"


RAISED = [
    pytest.param("raises", "R001", "ValueError: no 1", False, id="an error"),
    pytest.param("refuses", "R002", "x is not wanted", True, id="a refusal"),
    pytest.param("interrupts", "R001", "KeyboardInterrupt", False, id="what Ctrl-C raises"),
    pytest.param("quits", "R001", "SystemExit: 1", False, id="sys.exit"),
]


@pytest.mark.parametrize(("node", "code", "message", "is_final"), RAISED)
def test_what_a_node_raises_costs_no_worker(shared: Caller, node: str, code: str, message: str, is_final: bool) -> None:
    worker = shared.value("worker_id", x=0)
    failed = shared.failed(node, x=1)
    assert (failed.code, failed.message, failed.is_final, failed.cause) == (code, message, is_final, "node")
    assert shared.value("worker_id", x=1) == worker


def test_a_call_that_is_given_up_is_heard_no_more_and_its_worker_is_gone(caller: Caller) -> None:
    call = caller.start("deaf", x=1)
    caller.until(lambda: bool(caller.of(call)))
    (before,) = caller.pids()
    told = len(caller.of(call))
    caller.executor.abandon(call)
    assert caller.value("worker_id", x=1) != before
    caller.until(lambda: before not in caller.pids())
    assert not is_alive(before)
    assert len(caller.of(call)) == told


def test_a_stopped_worker_is_killed_when_its_call_is_given_up(caller: Caller) -> None:
    call = caller.start("stops_itself", x=1)
    caller.until(lambda: any(is_stopped(pid) for pid in caller.pids()))
    (stopped,) = caller.pids()
    caller.executor.abandon(call)
    assert caller.value("next_of", x=1) == 2
    caller.until(lambda: stopped not in caller.pids())
    assert not is_alive(stopped)
    assert not caller.of(call)


def is_stopped(pid: int) -> bool:
    return b") T" in Path(f"/proc/{pid}/stat").read_bytes()


CANCELLED = [
    pytest.param("listens", True, id="one that listens"),
    pytest.param("loops", True, id="one that loops in Python: it is struck"),
    pytest.param("deaf", False, id="one that is deaf: its worker is killed"),
]


@pytest.mark.parametrize(("node", "survives"), CANCELLED)
def test_a_cancelled_call_ends(caller: Caller, node: str, survives: bool) -> None:
    call = caller.start(node, x=1)
    caller.until(lambda: any(isinstance(one, Progressed) for one in caller.of(call)))
    before = caller.pids()
    caller.executor.cancel(call)
    assert caller.end_of(call) == Stopped(call)
    assert (caller.value("worker_id", x=1) in before) == survives


def test_what_a_call_forked_dies_with_its_worker(shared: Caller, tmp_path: Path) -> None:
    place = tmp_path / "forked"
    call = shared.start("forks", place=str(place))
    shared.until(lambda: any(isinstance(one, Progressed) for one in shared.of(call)))
    left = [int(word) for word in place.read_text().split()]
    assert all(is_alive(pid) for pid in left)
    shared.executor.abandon(call)
    shared.until(lambda: not any(is_alive(pid) for pid in left))


def test_a_death_is_noticed_although_a_forked_child_holds_the_line(shared: Caller, tmp_path: Path) -> None:
    place = tmp_path / "left"
    failed = shared.failed("leaves_a_child", place=str(place))
    assert "SIGKILL" in failed.message
    shared.until(lambda: not is_alive(int(place.read_text())))


def test_what_was_left_in_a_scratch_folder_goes_with_its_worker(shared: Caller, tmp_path: Path) -> None:
    place = tmp_path / "where"
    shared.failed("scratches", place=str(place))
    assert not Path(place.read_text()).exists()


GARBAGE = [
    "noise",
    "no json",
    "ten gigabytes",
    "another call",
    "missing blob",
    "another port",
    "no outputs",
    "bad ref",
    "short digest",
    "no usage",
    "deep",
]


@pytest.mark.parametrize("kind", GARBAGE)
def test_a_worker_that_talks_garbage_is_ended(shared: Caller, kind: str) -> None:
    failed = shared.failed("talks_garbage", kind=kind)
    assert (failed.code, failed.cause) == ("R010", "crash")
    assert "the call's worker was ended: " in failed.message
    assert shared.value("next_of", x=1) == 2


def test_a_thread_that_a_call_left_behind_is_not_heard(shared: Caller) -> None:
    call = shared.start("leaves_a_thread", x=1)
    assert isinstance(shared.end_of(call), Done)
    count = len(shared.of(call))
    assert shared.value("next_of", x=1) == 2
    assert len(shared.of(call)) == count


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_a_server_that_is_gone_takes_its_workers_with_it(tmp_path: Path, number: signal.Signals) -> None:
    server = serving(tmp_path / "store")
    assert server.stdout is not None
    workers = [int(word) for word in server.stdout.readline().split()]
    handles = [os.pidfd_open(worker) for worker in workers]
    assert len(workers) == 2
    server.send_signal(number)
    server.communicate(timeout=20.0)
    for handle in handles:
        assert select.select([handle], [], [], 20.0)[0], "a worker was left behind"
        os.close(handle)


def test_lines_that_are_printed_are_told_of_their_call(shared: Caller) -> None:
    call = shared.start("prints", text="here")
    assert isinstance(shared.end_of(call), Done)
    lines = [line for one in shared.of(call) if isinstance(one, Logged) for line in one.lines]
    assert {"out here", "err here", "native here", "bare here"} <= set(lines)
    assert any("warned here" in line for line in lines)


def test_a_flood_of_output_is_cut_off_and_the_call_goes_on(shared: Caller) -> None:
    call = shared.start("floods", lines=20_000)
    assert isinstance(shared.end_of(call), Done)
    lines = [line for one in shared.of(call) if isinstance(one, Logged) for line in one.lines]
    assert len(lines) == 1001
    assert lines[-1] == "(more than 1000 lines: the rest is dropped)"


def test_after_a_flood_the_next_call_is_heard_again(shared: Caller) -> None:
    worker = shared.value("worker_id", x=1)
    flood = shared.start("floods", lines=5000)
    assert isinstance(shared.end_of(flood), Done)
    for text in ("once", "again"):
        call = shared.start("floods", lines=900)
        assert isinstance(shared.end_of(call), Done)
        lines = [line for one in shared.of(call) if isinstance(one, Logged) for line in one.lines]
        assert len(lines) == 900, text
    assert shared.value("worker_id", x=1) == worker


def test_what_is_printed_does_not_reach_the_terminal(shared: Caller, capfd: pytest.CaptureFixture[str]) -> None:
    shared.call("prints", text="here")
    shared.call("segfaults", x=16)
    assert capfd.readouterr() == ("", "")


def test_a_flood_of_progress_is_thinned_out(shared: Caller) -> None:
    call = shared.start("floods_progress", times=20_000)
    assert isinstance(shared.end_of(call), Done)
    assert 0 < len(shared.of(call)) < 200


OUT_OF_MEMORY = [
    pytest.param("aborts", {"text": "terminate called after throwing an instance of 'std::bad_alloc'"}, id="C++"),
    pytest.param("leaks", {"by_mib": 4}, id="a leak"),
    pytest.param("asks_for_all", {"gib": 4096}, id="more than there is"),
    pytest.param("asks_for_all", {"gib": 1}, id="more than it may"),
    pytest.param("maps_and_touches", {"mib": 600}, id="memory that no limit counts"),
]


@pytest.mark.parametrize(("node", "inputs"), OUT_OF_MEMORY)
def test_a_call_that_takes_too_much_memory_is_ended_and_told(
    shared: Caller, node: str, inputs: dict[str, object]
) -> None:
    failed = shared.failed(node, **inputs)
    assert (failed.code, failed.cause) == ("R009", "memory")
    assert "memory" in failed.message
    assert shared.value("next_of", x=1) == 2
