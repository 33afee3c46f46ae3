"""One call, one maker: claims within a process group, what becomes of the dead, and of those who come back late."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.support import child
from tests.support.tally import GATE, TALLY, catalogue, gated_row, noted, row_of_slow

from diorama.keys import Digest, digest_of
from diorama.refs import inline
from diorama.session import Session
from diorama.store.calls import CallStore
from diorama.store.claims import Claims
from diorama.store.group import Group, Made

pytestmark = pytest.mark.usefixtures("database")

KEYS = [digest_of(bytes([number])) for number in range(3)]


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CallStore]:
    with closing(CallStore(tmp_path)) as opened:
        yield opened


def made(key: Digest, value: int, claim: tuple[str, int] | None) -> Group:
    return Group(made=[("run", Made(key, "t/n", b"{}", {"value": inline(value)}, 0.1, claim))])


def test_what_one_claims_another_does_not_get(store: CallStore) -> None:
    clock = Clock()
    one, other = Claims(store, "one", clock), Claims(store, "other", clock)
    assert one.take(KEYS[:2]) == {KEYS[0]: 1, KEYS[1]: 1}
    assert other.take(KEYS) == {KEYS[2]: 1}
    one.release(KEYS[:1])
    assert other.take(KEYS) == {KEYS[0]: 1, KEYS[2]: 2}


def test_a_claim_without_a_sign_of_life_is_taken_over_with_a_higher_token(store: CallStore) -> None:
    clock = Clock()
    one, other = Claims(store, "one", clock, seconds=10), Claims(store, "other", clock, seconds=10)
    one.take(KEYS[:1])
    clock.now += 9
    one.renew()
    clock.now += 9
    assert other.take(KEYS[:1]) == {}
    clock.now += 2
    assert other.take(KEYS[:1]) == {KEYS[0]: 2}


def test_the_late_result_of_an_old_owner_is_refused(store: CallStore) -> None:
    clock = Clock()
    old, new = Claims(store, "old", clock, seconds=1), Claims(store, "new", clock, seconds=1)
    held = old.take(KEYS[:1])
    clock.now += 2
    taken = new.take(KEYS[:1])
    assert store.write(made(KEYS[0], 1, ("old", held[KEYS[0]]))) == [KEYS[0]]
    assert store.by_key(KEYS[:1]) == {}
    assert store.write(made(KEYS[0], 2, ("new", taken[KEYS[0]]))) == []
    assert store.write(made(KEYS[0], 1, ("old", held[KEYS[0]]))) == [KEYS[0]], "its claim is gone altogether"
    assert store.by_key(KEYS[:1])[KEYS[0]].outputs() == {"value": inline(2)}


def test_the_same_owner_with_an_old_token_is_refused(store: CallStore) -> None:
    clock = Clock()
    one, other = Claims(store, "one", clock, seconds=1), Claims(store, "other", clock, seconds=1)
    first = one.take(KEYS[:1])[KEYS[0]]
    clock.now += 2
    other.take(KEYS[:1])
    clock.now += 2
    second = one.take(KEYS[:1])[KEYS[0]]
    assert (first, second) == (1, 3)
    assert store.write(made(KEYS[0], 1, ("one", first))) == [KEYS[0]]
    assert store.write(made(KEYS[0], 1, ("one", second))) == []


def on_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    from diorama.store import claims

    monkeypatch.setattr(claims, "boot_id", lambda: "another boot")


def test_in_a_file_a_claim_of_another_boot_is_nobodys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(CallStore(tmp_path, database="")) as store:
        Claims(store, "one", Clock()).take(KEYS[:1])
        on_another_machine(monkeypatch)
        assert Claims(store, "other", Clock()).take(KEYS[:1]) == {KEYS[0]: 2}


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_another_machines_claim_holds_while_it_is_seen_to_change(
    store: CallStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, here = Clock(), Clock()
    there.now = 1e9
    one, other = Claims(store, "one", there, seconds=10), Claims(store, "other", here, seconds=10)
    one.take(KEYS[:2])
    on_another_machine(monkeypatch)
    assert other.take(KEYS[:2]) == {}
    for _ in range(3):
        here.now, there.now = here.now + 9, there.now + 1
        one.renew()
        assert other.take(KEYS[:2]) == {}, "it was renewed since it was last seen"
    here.now += 9.9
    assert other.take(KEYS[:1]) == {}
    here.now += 0.2
    assert other.take(KEYS[:1]) == {KEYS[0]: 2}
    assert store.write(made(KEYS[0], 1, ("one", 1))) == [KEYS[0]]
    one.release(KEYS[1:2])
    assert other.take(KEYS[1:2]) == {KEYS[1]: 1}


def test_a_closed_session_leaves_no_claim(tmp_path: Path) -> None:
    with Session(tmp_path, catalogue=catalogue()) as session:
        session.run(row_of_slow(4))
    assert claimed(tmp_path) == 0


def claimed(path: Path) -> int:
    with closing(CallStore(path)) as store, store.reading() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM claims").scalar_one())


def until(holds: Callable[[], bool], *running: child.Child, seconds: float = 30.0) -> None:
    """Wait until something holds, as long as the processes run."""
    for _ in range(int(seconds / 0.02)):
        if holds():
            return
        for process in running:
            assert not child.has_ended(process, 0.02), process.communicate()[1]
    pytest.fail("it did not come about")


def test_two_processes_make_each_call_once(tmp_path: Path) -> None:
    tally = tmp_path / "tally"
    pair = [child.begin(tmp_path / "store", "slow", 10.0, **{TALLY: str(tally)}) for _ in range(2)]
    told = [child.ended(one) for one in pair]
    assert [one["state"] for one in told] == ["succeeded", "succeeded"]
    assert told[0]["results"] == told[1]["results"]
    assert sorted(noted(tally)) == sorted(f"slow-{number}" for number in range(12))
    assert claimed(tmp_path / "store") == 0


def test_the_other_process_takes_over_from_one_that_is_killed(tmp_path: Path) -> None:
    tally, gate = tmp_path / "tally", tmp_path / "gate"
    setting = {TALLY: str(tally), GATE: str(gate)}
    doomed = child.begin(tmp_path / "store", "gated", 0.5, **setting)
    until(lambda: len(noted(tally)) == 2, doomed)
    heir = child.begin(tmp_path / "store", "gated", 0.5, **setting)
    until(lambda: runs_begun(tmp_path / "store") == 2, heir)
    assert len(noted(tally)) == 2, "calls that are under way are left to their owner"
    os.kill(doomed.pid, signal.SIGKILL)
    doomed.communicate(timeout=10)
    gate.touch()
    assert child.ended(heir)["state"] == "succeeded"
    assert sorted(noted(tally)) == ["gated-0", "gated-0", "gated-1", "gated-1"]
    with Session(tmp_path / "store", catalogue=catalogue()) as session:
        assert session.run(gated_row(2)).manifest["state"] == "succeeded"
    assert len(noted(tally)) == 4


def runs_begun(path: Path) -> int:
    with closing(CallStore(path)) as store, store.reading() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM runs").scalar_one())
