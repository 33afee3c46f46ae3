"""Who is alive is told by what each server sees of the others, and by no clock that two machines would share."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.support.queued import Time

from diorama.keys import digest_of
from diorama.store.calls import CallStore
from diorama.store.claims import Claims
from diorama.store.servers import LEASE_SECONDS, Server, Servers, born, machine, this_server

KEYS = [digest_of(b"a"), digest_of(b"b")]
ELSEWHERE = Server("there", "another host", "another boot", 1, 1.0, "http://there", 0)


@pytest.fixture
def clock() -> Time:
    return Time(50.0)


@pytest.fixture
def here(store: CallStore, clock: Time) -> Servers:
    servers = Servers(store, this_server("here"), clock)
    servers.register()
    return servers


def joined(store: CallStore, server: Server, clock: Callable[[], float]) -> Servers:
    servers = Servers(store, server, clock)
    servers.register()
    return servers


def test_servers_see_each_other(store: CallStore, here: Servers, clock: Time) -> None:
    there = joined(store, ELSEWHERE, clock)
    assert [server.id for server in here.all()] == ["here", "there"]
    assert there.beat()
    assert here.all()[1] == replace(ELSEWHERE, beat=1)
    there.leave()
    assert [server.id for server in here.all()] == ["here"]


def test_a_server_is_dead_when_its_beat_stood_still_for_a_lease(store: CallStore, here: Servers, clock: Time) -> None:
    there = joined(store, ELSEWHERE, Time(1e12))
    assert here.dead() == []
    clock.now += LEASE_SECONDS - 0.1
    there.beat()
    assert here.dead() == []
    clock.now += LEASE_SECONDS - 0.1
    assert here.dead() == [], "it was seen to beat"
    clock.now += 0.2
    assert [server.id for server in here.dead()] == ["there"]


def test_a_server_that_comes_and_goes_unseen_is_not_taken_for_another(
    store: CallStore, here: Servers, clock: Time
) -> None:
    there = joined(store, ELSEWHERE, clock)
    here.dead()
    there.leave()
    here.dead()
    clock.now += 2 * LEASE_SECONDS
    joined(store, ELSEWHERE, clock)
    assert here.dead() == []


def test_a_beat_of_one_that_was_taken_for_dead_tells_it_so(store: CallStore, here: Servers, clock: Time) -> None:
    there = joined(store, ELSEWHERE, clock)
    here.bury("there")
    assert not there.beat()
    assert here.beat()


def test_a_process_that_is_gone_is_dead_at_once(store: CallStore, here: Servers, clock: Time) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        since = born(child.pid)
        assert since is not None
        joined(store, replace(this_server("child"), pid=child.pid, born=since), clock)
        assert here.dead() == []
        joined(store, replace(this_server("earlier"), pid=child.pid, born=since - 1), clock)
        assert [server.id for server in here.dead()] == ["earlier"], "its number went to another process"
    assert [server.id for server in here.dead()] == ["child", "earlier"]


def test_a_process_that_ended_and_was_not_waited_for_is_gone() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert born(child.pid) is None
    child.wait()
    assert born(os.getpid()) is not None


@pytest.mark.parametrize("other", [{"host": "another"}, {"boot": "another"}])
def test_process_numbers_of_other_machines_tell_nothing(
    store: CallStore, here: Servers, clock: Time, other: dict[str, str]
) -> None:
    joined(store, replace(this_server("there"), pid=2**22 + 1, **other), clock)  # type: ignore[arg-type]
    assert here.dead() == []
    assert machine() == here.me.boot


def test_calls_that_a_dead_server_claimed_are_free_at_once(store: CallStore, here: Servers, clock: Time) -> None:
    joined(store, ELSEWHERE, clock)
    Claims(store, "there", clock).take(KEYS)
    mine = Claims(store, "here", clock)
    assert mine.take(KEYS) == {}
    here.bury("there")
    assert mine.take(KEYS) == {KEYS[0]: 1, KEYS[1]: 1}
