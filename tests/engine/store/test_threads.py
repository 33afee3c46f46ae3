"""Any thread reads and writes a store; writers go one after the other, and what is promised waits for the disk."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy.event import listen
from tests.support.databases import Kind
from tests.support.queued import WIDE, event, new

from diorama.faults import DioramaError
from diorama.refusals import NoSuch
from diorama.store.calls import CallStore
from diorama.store.database import MOST_READERS
from diorama.store.graphs import SavedGraphs
from diorama.store.queue import Queue
from diorama.store.run_rows import RunRows
from diorama.store.settings import Settings

BOUND = 20.0
"""Seconds that nothing here may take; only a hang does."""


def at_once(*work: Callable[[], object]) -> list[object]:
    """What each gives, all of them begun in the same moment in threads of their own."""
    start = threading.Barrier(len(work))

    def begin(one: Callable[[], object]) -> object:
        start.wait(BOUND)
        return one()

    with ThreadPoolExecutor(len(work)) as pool:
        return [begun.result(BOUND) for begun in [pool.submit(begin, one) for one in work]]


def test_no_two_threads_claim_the_same_run(store: CallStore) -> None:
    Queue(store).add([new(f"a.{number}") for number in range(40)], tell=event)

    def claim_all(owner: str) -> list[str]:
        queue, mine = Queue(store), list[str]()
        while (run := queue.claim_next(owner, WIDE)) is not None:
            mine.append(run.id)
        return mine

    taken = at_once(*(lambda owner=owner: claim_all(owner) for owner in "pqrs"))
    every = [run for mine in taken if isinstance(mine, list) for run in mine]
    assert sorted(every) == sorted(f"a.{number}" for number in range(40))


def test_many_threads_submit_and_list_at_once(store: CallStore) -> None:
    queue, rows = Queue(store), RunRows(store)

    def submit(client: int) -> None:
        for number in range(20):
            queue.add([new(f"{client}.{number}")], tell=event)
            assert rows.get(f"{client}.{number}").state == "queued"
            assert rows.page(client=str(client), limit=1).items

    at_once(*(lambda client=client: submit(client) for client in range(8)))
    assert rows.counts() == {"queued": 160}


def test_a_reader_sees_what_was_written_before_and_nothing_half(store: CallStore) -> None:
    settings, stop = Settings(store), threading.Event()
    settings.set({"one": 0, "other": 0})
    torn: list[object] = []

    def read() -> None:
        while not stop.is_set():
            found = settings.all()
            if found["one"] != found["other"]:
                torn.append(found)

    def write() -> None:
        for number in range(1, 50):
            settings.set({"one": number, "other": number})
            assert settings.get("one") == number
        stop.set()

    at_once(read, read, write)
    assert torn == []


def test_readers_beyond_the_most_wait_for_one_that_ends(store: CallStore) -> None:
    with ExitStack() as held:
        for _ in range(MOST_READERS):
            held.enter_context(store.reading())
        waiting = threading.Thread(target=lambda: RunRows(store).counts())
        waiting.start()
        waiting.join(0.1)
        assert waiting.is_alive()
        held.close()
        waiting.join(BOUND)
        assert not waiting.is_alive()


@contextmanager
def writing_elsewhere(store: CallStore) -> Iterator[None]:
    """Another thread of this process is in the middle of writing."""
    is_in, may_end = threading.Event(), threading.Event()

    def write() -> None:
        with store.writing():
            is_in.set()
            may_end.wait(BOUND)

    thread = threading.Thread(target=write)
    thread.start()
    assert is_in.wait(BOUND)
    try:
        yield
    finally:
        may_end.set()
        thread.join(BOUND)


def test_a_writer_that_waits_too_long_for_another_thread_is_told(tmp_path: Path, database: Kind) -> None:
    with closing(CallStore(tmp_path, busy_seconds=0.2)) as store:
        with writing_elsewhere(store), pytest.raises(DioramaError, match="S003"):
            Settings(store).set({"a": 1})
        Settings(store).set({"a": 1})


def test_readers_do_not_wait_for_writers(store: CallStore) -> None:
    with writing_elsewhere(store):
        assert RunRows(store).counts() == {}


def test_what_fails_is_taken_back_and_the_next_is_not_harmed(store: CallStore) -> None:
    def begin_and_fail() -> None:
        with store.writing() as connection:
            connection.exec_driver_sql("INSERT INTO settings (name, value) VALUES ('a', '1')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        begin_and_fail()
    with pytest.raises(DioramaError, match="S001"), store.promising() as connection:
        connection.exec_driver_sql("INSERT INTO nowhere (name) VALUES ('a')")
    with pytest.raises(DioramaError, match="S001"), store.reading() as connection:
        connection.exec_driver_sql("SELECT * FROM nowhere")
    Settings(store).set({"b": 2})
    assert Settings(store).all() == {"b": 2}


def test_a_refusal_inside_a_read_costs_no_connection(store: CallStore) -> None:
    opened: list[object] = []
    listen(store.database.engine, "connect", lambda *given: opened.append(given))
    for _ in range(5):
        with pytest.raises(NoSuch):
            SavedGraphs(store).get("none")
    assert len(opened) <= 1


def test_a_reader_that_outlives_the_store_is_let_go(store: CallStore) -> None:
    with store.reading():
        store.close()
    assert store.database._readers == []


def test_a_transaction_within_a_transaction_is_refused_and_holds_nothing_up(store: CallStore) -> None:
    with pytest.raises(DioramaError, match="S001"), store.writing(), store.writing():
        pass
    Settings(store).set({"b": 2})


def test_a_promise_waits_for_the_disk_and_the_rest_does_not(store: CallStore, database: Kind) -> None:
    asked = "PRAGMA synchronous" if database == "sqlite" else "SHOW synchronous_commit"
    full, normal = (2, 1) if database == "sqlite" else ("on", "off")
    found: list[object] = []
    for transaction in (store.writing, store.promising, store.writing):
        with transaction() as connection:
            found.append(connection.exec_driver_sql(asked).scalar())
    assert found == [normal, full, normal]
