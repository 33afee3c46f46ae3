"""Lists come in parts, the newest first, and stay in step while things are put in and taken out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text
from tests.support.queued import Time, claimed, new

from diorama.faults import DioramaError
from diorama.refusals import NoSuch
from diorama.store.calls import CallStore
from diorama.store.pages import MOST_ITEMS, Page, written_cursor
from diorama.store.projects import Projects
from diorama.store.queue import NewBatch, Queue
from diorama.store.run_rows import RunRow, RunRows


@pytest.fixture
def rows(store: CallStore) -> RunRows:
    return RunRows(store)


def ids(page: Page[RunRow]) -> list[str]:
    return [run.id for run in page.items]


def test_runs_are_listed_the_newest_first(queue: Queue, rows: RunRows, wall: Time) -> None:
    queue.add([new("a.1"), new("a.2")])
    wall.now += 1
    queue.add([new("b.1")])
    assert ids(rows.page()) == ["b.1", "a.2", "a.1"]


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_parts_put_together_are_the_whole_whatever_comes_meanwhile(
    queue: Queue, rows: RunRows, wall: Time, limit: int
) -> None:
    queue.add([new(f"a.{number}") for number in range(7)])
    seen: list[str] = []
    page = rows.page(limit=limit)
    while True:
        seen += ids(page)
        if page.next is None:
            break
        wall.now += 1
        queue.add([new(f"b.{len(seen)}")])
        page = rows.page(cursor=page.next, limit=limit)
    assert seen == [f"a.{number}" for number in range(6, -1, -1)]


def test_a_run_stands_with_its_newest_event_by_itself_and_in_lists(queue: Queue, rows: RunRows) -> None:
    def event(run: str, seq: int) -> bytes:
        return b"{}"

    queue.add([new("a.1"), new("a.2"), new("a.3", 1)])
    queue.set_state("a.2", ("queued",), "paused", tell=event)
    queue.set_state("a.2", ("paused",), "queued", tell=event)
    queue.set_state("a.3", ("queued",), "queued", tell=event)
    assert {run.id: seq for run, seq in rows.standings().items} == {"a.3": 1, "a.2": 2, "a.1": 0}
    assert [(run.id, seq) for run, seq in rows.waiting(2)] == [("a.3", 1), ("a.1", 0)]
    assert rows.standing("a.2") == (rows.get("a.2"), 2)
    assert [rows.last_seq(run) for run in ("a.1", "a.2", "nobody")] == [0, 2, 0]
    with pytest.raises(NoSuch):
        rows.standing("nobody")


FILTERS: dict[str, tuple[dict[str, str], list[str]]] = {
    "by state": ({"state": "running"}, ["a.1"]),
    "by client": ({"client": "b"}, ["b.1"]),
    "by batch": ({"batch": "many"}, ["a.3", "a.2"]),
    "by saved graph": ({"saved": "scene"}, ["b.1"]),
    "by several": ({"client": "a", "state": "queued"}, ["a.3", "a.2"]),
    "of which there are none": ({"state": "paused"}, []),
}


@pytest.mark.parametrize("name", FILTERS)
def test_what_is_listed_can_be_chosen(queue: Queue, rows: RunRows, name: str) -> None:
    chosen, wanted = FILTERS[name]
    batch = NewBatch("many", "many", "a", b"{}")
    queue.add([new("a.1"), replace(new("b.1"), saved=("scene", 3))])
    queue.add([replace(new(run), batch="many") for run in ("a.2", "a.3")], batch=batch)
    assert claimed(queue).id == "a.1"
    assert ids(rows.page(**chosen)) == wanted  # type: ignore[arg-type]


def test_runs_of_a_project_are_listed_and_outlive_it(queue: Queue, rows: RunRows, store: CallStore) -> None:
    project = Projects(store).create("mine").id
    queue.add([replace(new("a.1"), project=project), new("a.2")])
    assert ids(rows.page(project=project)) == ["a.1"]
    Projects(store).delete(project)
    assert rows.get("a.1").project is None


def test_batches_are_listed_with_the_states_of_their_runs(queue: Queue, rows: RunRows, wall: Time) -> None:
    for number in range(3):
        wall.now += 1
        made = [replace(new(f"a.{number}{item}"), batch=f"b{number}") for item in range(2)]
        queue.add(made, batch=NewBatch(f"b{number}", f"batch {number}", "a", b"{}"))
    claimed(queue)
    first = rows.batches(limit=2)
    rest = rows.batches(cursor=first.next)
    assert [batch.id for batch in (*first.items, *rest.items)] == ["b2", "b1", "b0"]
    assert rest.next is None
    assert rest.items[0].states == {"running": 1, "queued": 1}
    assert rows.batches(client="b").items == []
    with pytest.raises(NoSuch):
        rows.batch("b9")


@pytest.mark.parametrize("cursor", ["", "x", "!!", written_cursor(["1", "a"]), written_cursor([1.0]), "W10"])
def test_a_cursor_that_nobody_gave_out_is_refused(rows: RunRows, cursor: str) -> None:
    with pytest.raises(DioramaError, match=r"C001.*no cursor that was given out"):
        rows.page(cursor=cursor)


def test_a_part_has_a_bound(queue: Queue, rows: RunRows) -> None:
    queue.add([new(f"a.{number}") for number in range(MOST_ITEMS + 1)])
    page = rows.page(limit=10**9)
    assert len(page.items) == MOST_ITEMS
    assert ids(rows.page(cursor=page.next)) == ["a.0"]


STATEMENTS = {
    "all": ({}, "runs_by_age"),
    "by state": ({"state": "queued"}, "runs_by_state"),
    "by client": ({"client": "a"}, "runs_by_client"),
    "by batch": ({"batch": "b"}, "runs_by_batch"),
    "by project": ({"project": "p"}, "runs_by_project"),
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", STATEMENTS)
def test_a_list_is_read_from_an_index_and_nothing_is_sorted(store: CallStore, name: str) -> None:
    chosen, index = STATEMENTS[name]
    wanted = " AND ".join(f"{column} = '{value}'" for column, value in chosen.items()) or "1"
    listed = f"SELECT * FROM runs WHERE {wanted} AND (created, id) < (1, 'a') ORDER BY created DESC, id DESC LIMIT 50"
    with store.reading() as connection:
        plan = " ".join(row.detail for row in connection.execute(text(f"EXPLAIN QUERY PLAN {listed}")))
    assert f"USING INDEX {index}" in plan
    assert "TEMP B-TREE" not in plan
