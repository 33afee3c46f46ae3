"""The ledger of a device: one holder at a time, turns, the dead and those taken for dead."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diorama.faults import DioramaError
from diorama.lease.ledger import LEASE_SECONDS, OFFER_SECONDS, Ledger
from diorama.lease.owner import Sight, sight_of, this_process
from diorama.lease.page import Owner, Page, holds, read_page
from diorama.lease.runtime import runtime_folder


@dataclass
class Machine:
    """Processes that share one device, with a clock of the test's own."""

    path: Path
    now: float = 100.0
    gone: set[str] = field(default_factory=set)

    def owner(self, name: str) -> Owner:
        return Owner(name, 1000 + len(name), 1.0, "here")

    def ledger(self, name: str) -> Ledger:
        return Ledger(self.path, self.owner(name), clock=lambda: self.now, sight=self.sight)

    def sight(self, owner: Owner) -> Sight:
        return "dead" if owner.id in self.gone else "alive"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "gpu0.json")


def taken(ledger: Ledger) -> int:
    token = ledger.take()
    assert token is not None
    return token


def test_one_owner_has_the_device_until_it_lets_go(machine: Machine) -> None:
    a, b = machine.ledger("a"), machine.ledger("b")
    first = taken(a)
    assert b.take() is None
    assert holds(machine.path, "a", first)
    a.release()
    assert not holds(machine.path, "a", first)
    assert taken(b) == first + 1
    b.release()
    assert machine.ledger("c").page().parties == {}


def test_who_waits_longest_has_the_next_turn(machine: Machine) -> None:
    a, b, c = machine.ledger("a"), machine.ledger("b"), machine.ledger("c")
    taken(a)
    assert b.take() is c.take() is None
    a.release()
    assert a.take() is None, "b and c came before"
    assert c.take() is None, "b came before"
    taken(b)
    b.release()
    taken(c)
    c.release()
    taken(a)


def test_who_leaves_the_queue_keeps_nobody_waiting(machine: Machine) -> None:
    a, b, c = machine.ledger("a"), machine.ledger("b"), machine.ledger("c")
    taken(a)
    assert b.take() is c.take() is None
    b.release()
    a.release()
    taken(c)


def test_who_does_not_come_when_its_turn_is_there_loses_it(machine: Machine) -> None:
    a, b, c = machine.ledger("a"), machine.ledger("b"), machine.ledger("c")
    taken(a)
    assert b.take() is c.take() is None
    a.release()
    assert c.take() is None
    machine.now += OFFER_SECONDS
    taken(c)


def test_what_a_dead_process_had_is_free_at_once(machine: Machine) -> None:
    a, b = machine.ledger("a"), machine.ledger("b")
    first = taken(a)
    machine.gone.add("a")
    assert taken(b) > first
    assert list(b.page().parties) == ["b"]


def test_who_shows_no_sign_of_life_is_taken_for_dead_and_fenced_off(machine: Machine) -> None:
    a, b = machine.ledger("a"), machine.ledger("b")
    first = taken(a)
    assert b.take() is None
    machine.now += LEASE_SECONDS - 0.1
    assert b.take() is None
    machine.now += 0.2
    second = taken(b)
    # It comes back from the dead: neither its token nor a renewal gives it the device.
    assert not holds(machine.path, "a", first)
    page = a.renew()
    assert (page.holder, page.token) == ("b", second)
    assert a.take() is None
    assert holds(machine.path, "b", second)


def test_who_renews_keeps_the_device(machine: Machine) -> None:
    a, b = machine.ledger("a"), machine.ledger("b")
    first = taken(a)
    for _ in range(20):
        machine.now += LEASE_SECONDS / 3
        assert a.renew().holder == "a"
        assert b.take() is None
    assert holds(machine.path, "a", first)


def test_a_clock_that_nobody_watched_takes_nothing_away(machine: Machine) -> None:
    a = machine.ledger("a")
    first = taken(a)
    machine.now += 1e6
    assert machine.ledger("b").take() is None, "it looks for the first time"
    assert holds(machine.path, "a", first)


def test_a_new_lease_of_the_same_owner_fences_off_its_old_one(machine: Machine) -> None:
    a = machine.ledger("a")
    first = taken(a)
    a.release()
    second = taken(a)
    assert not holds(machine.path, "a", first)
    assert holds(machine.path, "a", second)


def test_what_stays_in_memory_and_what_is_asked_for_is_told(machine: Machine) -> None:
    a, b = machine.ledger("a"), machine.ledger("b")
    taken(a)
    a.release(idle_bytes=7)
    taken(b)
    b.ask(5)
    page = a.page()
    assert (page.parties["a"].idle_bytes, page.parties["b"].wanted_bytes) == (7, 5)
    b.ask(0)
    assert a.page().parties["b"].wanted_bytes == 0
    a.release(idle_bytes=0)
    assert list(a.page().parties) == ["b"]


def test_a_lock_that_is_not_let_go_is_not_waited_for(machine: Machine) -> None:
    a = machine.ledger("a")
    first = taken(a)
    with machine.path.with_suffix(".lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert machine.ledger("b").take() is None
        assert a.release() is False
        assert a.renew().token == first
        assert holds(machine.path, "a", first), "readers need no lock"
    assert a.release() is True


BROKEN = {
    "nothing": b"",
    "half a page": b'{"token": 7, "holder": "a", "que',
    "another shape": b"[1, 2]",
    "a party that is none": b'{"token": 7, "holder": "", "queue": [], "parties": {"a": 1}}',
    "an owner that is none": b'{"token": 7, "holder": "", "queue": [], "parties": {"a": {"owner": {}}}}',
    "not text": b"\xff\x00",
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_page_that_cannot_be_read_is_begun_anew_and_gives_nothing_back(machine: Machine, content: bytes) -> None:
    a = machine.ledger("a")
    for _ in range(7):
        first = taken(a)
    machine.path.write_bytes(content)
    assert not holds(machine.path, "a", first)
    b = machine.ledger("b")
    for _ in range(7):
        taken(b)
    assert not holds(machine.path, "a", first), "the same number is another owner's"


def test_a_folder_that_is_gone_gives_nothing_and_raises_nothing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "gone" / "gpu0.json", this_process())
    assert ledger.take() is None
    assert ledger.release() is False
    assert ledger.renew() == Page()


Step = tuple[str, str]
STEPS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["take", "release", "renew", "die", "stop", "later", "return"])),
    max_size=60,
)


@dataclass
class History:
    """What became of the leases of three processes."""

    machine: Machine
    ledgers: dict[str, Ledger] = field(init=False)
    leases: dict[str, int] = field(default_factory=dict)
    stopped: set[str] = field(default_factory=set)
    newest: int = 0

    def __post_init__(self) -> None:
        self.ledgers = {name: self.machine.ledger(name) for name in "abc"}

    def step(self, name: str, step: str) -> None:
        machine = self.machine
        match step:
            case "later":
                machine.now += LEASE_SECONDS / 2
            case "return":
                self.stopped.discard(name)
            case "stop":
                self.stopped.add(name)
            case "die":
                machine.gone.add(name)
            case _ if name not in self.stopped | machine.gone:
                self.ask(name, step)

    def ask(self, name: str, step: str) -> None:
        if step == "renew":
            self.ledgers[name].renew()
        elif step == "release":
            self.ledgers[name].release()
            self.leases.pop(name, None)
        elif (token := self.ledgers[name].take()) is not None:
            assert token > self.newest, "a token is used twice"
            self.newest = self.leases[name] = token

    def check(self) -> None:
        valid = [name for name, token in self.leases.items() if holds(self.machine.path, name, token)]
        assert len(valid) <= 1, "two leases hold at once"
        assert not valid or self.leases[valid[0]] == max(self.leases.values()), "an old lease holds"

    def comes_to_an_end(self) -> None:
        """Whoever is left gets the device within a bounded time, whatever the others did."""
        self.machine.gone.update(self.stopped)
        alive = [name for name in "abc" if name not in self.machine.gone]
        for name in alive:
            for other in alive:
                self.ledgers[other].release()
            for _ in range(4):
                if self.ledgers[name].take() is not None:
                    break
                self.machine.now += LEASE_SECONDS
            else:
                raise AssertionError(f"{name} never gets the device: {read_page(self.machine.path)}")


@given(STEPS)
def test_whatever_happens_one_lease_holds_and_tokens_only_grow(steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        history = History(Machine(Path(folder) / "gpu0.json"))
        for name, step in steps:
            history.step(name, step)
            history.check()
        history.comes_to_an_end()


HOLD = """
import sys, time
from pathlib import Path
from threading import Event
from diorama.lease.ledger import Ledger
from diorama.lease.owner import this_process
ledger = Ledger(Path(sys.argv[1]), this_process())
print(ledger.take(), flush=True)
Event().wait(60)
"""


def held_by_a_child(path: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert int(child.stdout.readline()) > 0
    return child


@pytest.fixture
def child(tmp_path: Path) -> object:
    started = held_by_a_child(tmp_path / "gpu0.json")
    yield started
    started.kill()
    started.wait(10)
    assert started.stdout is not None
    started.stdout.close()


def test_the_lease_of_a_process_that_was_killed_is_free_at_once(tmp_path: Path, child: subprocess.Popen[str]) -> None:
    ledger = Ledger(tmp_path / "gpu0.json", this_process())
    assert ledger.take() is None
    os.kill(child.pid, signal.SIGKILL)
    child.wait(10)
    taken(ledger)


def test_the_lease_of_a_process_that_is_stopped_lapses(tmp_path: Path, child: subprocess.Popen[str]) -> None:
    now = 0.0
    ledger = Ledger(tmp_path / "gpu0.json", this_process(), clock=lambda: now)
    os.kill(child.pid, signal.SIGSTOP)
    assert ledger.take() is None
    now = LEASE_SECONDS
    taken(ledger)
    os.kill(child.pid, signal.SIGCONT)


def test_a_process_is_seen_by_number_and_start() -> None:
    me = this_process()
    assert sight_of(me) == "alive"
    assert sight_of(replace(me, born=me.born - 1)) == "dead"
    assert sight_of(replace(me, pid=2**22 + 1)) == "dead"
    assert sight_of(replace(me, place="another boot")) == "unknown"
    assert this_process().id != me.id


def test_the_runtime_folder_is_the_user_s_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make: Callable[..., Path] = lambda **variables: runtime_folder(variables)  # noqa: E731
    assert make(DIORAMA_RUNTIME=str(tmp_path / "a" / "b")) == tmp_path / "a" / "b"
    assert make(XDG_RUNTIME_DIR=str(tmp_path)) == tmp_path / "diorama"
    assert (tmp_path / "diorama").stat().st_mode & 0o777 == 0o700
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    assert make() == tmp_path / f"diorama-{os.getuid()}"
    make().rmdir()
    (tmp_path / "another").mkdir()
    (tmp_path / f"diorama-{os.getuid()}").symlink_to(tmp_path / "another")
    if os.getuid() == 0:
        os.chown(tmp_path / f"diorama-{os.getuid()}", 1, 1, follow_symlinks=False)
        with pytest.raises(DioramaError, match="belongs to another user"):
            make()
    (tmp_path / "file").touch()
    with pytest.raises(DioramaError, match=r"C001 DIORAMA_RUNTIME: the folder .* cannot be used"):
        make(DIORAMA_RUNTIME=str(tmp_path / "file"))
