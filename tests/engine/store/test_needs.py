"""Collection leaves what runs, saved graphs and links need, and artefacts; retention takes records alone."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from tests.support.databases import Kind
from tests.support.queued import Time, claimed, event, new
from tests.support.tally import calls_made, catalogue, graph_of

from diorama.graph import Constant, Graph, GraphNode, Parameter
from diorama.keys import Digest, digest_of, written
from diorama.refs import Blob, to_row
from diorama.session import Session
from diorama.store import care
from diorama.store.artefacts import Artefacts
from diorama.store.calls import CallStore
from diorama.store.graphs import SavedGraphs
from diorama.store.group import Group, Made
from diorama.store.needs import FORSAKEN_SECONDS
from diorama.store.queue import NewBatch, Promise, Queue
from diorama.store.retention import Pruned, prunable, prune
from diorama.store.run_rows import RunRows
from diorama.store.shares import Shares

DAY = 86_400.0


@pytest.fixture
def wall() -> Time:
    return Time(time.time())


def kept(store: CallStore, content: bytes, seconds: float = 10 * DAY) -> Digest:
    """A blob that was last wanted so long ago."""
    digest = store.blobs.put(content)
    then = store.wall() - seconds
    os.utime(store.blobs.path(digest), (then, then))
    return digest


def are_there(store: CallStore, *digests: Digest) -> list[bool]:
    care.collect(store, max_bytes=0, older_than_seconds=0)
    return [store.blobs.path(digest).is_file() for digest in digests]


def made(store: CallStore, run: str, content: bytes) -> Digest:
    """The key of a call that a run made, and that its journal names; its output is an old blob."""
    digest = kept(store, content)
    key = digest_of(b"key of " + content)
    blob = Blob(digest, len(content), "text", "text/plain")
    told = orjson.dumps({"kind": "call_finished", "key": key.hex()})
    group = Group(made=[(run, Made(key, "t/n", b"{}", {"value": blob}, 1.0))], told=[(run, 9, told)])
    store.write(group)
    return key


STATES = {
    "running": True,
    "paused": True,
    "interrupted": True,
    "queued": True,
    "succeeded": False,
    "failed": False,
    "cancelled": False,
}


@pytest.mark.parametrize("state", STATES)
def test_calls_of_a_run_stay_until_it_has_ended(queue: Queue, store: CallStore, wall: Time, state: str) -> None:
    queue.add([new("a.1"), new("a.2")], tell=event)
    claimed(queue)
    key = made(store, "a.1", b"mine")
    other = made(store, "a.2", b"another's")
    queue.cancel(run="a.2")
    if state != "running":
        queue.set_state("a.1", ["running"], state, ended=None if STATES[state] else wall.now)
    wall.now += 20 * DAY
    care.collect(store, max_bytes=0, older_than_seconds=DAY)
    assert set(store.by_key([key, other])) == ({key} if STATES[state] else set())
    assert store.blobs.path(digest_of(b"mine")).is_file() == STATES[state]
    assert not store.blobs.path(digest_of(b"another's")).is_file()


def test_calls_that_a_run_found_stay_too(queue: Queue, store: CallStore, wall: Time) -> None:
    queue.add([new("a.1"), new("a.2")], tell=event)
    key = made(store, "a.2", b"found")
    queue.cancel(run="a.2")
    told = orjson.dumps({"kind": "steps_cached", "steps": [["a", key.hex(), "a.2"]]})
    store.write(Group(told=[("a.1", 2, told)]))
    wall.now += 20 * DAY
    assert are_there(store, digest_of(b"found")) == [True]
    queue.cancel(run="a.1")
    assert are_there(store, digest_of(b"found")) == [False]


def test_files_that_waiting_runs_name_stay(queue: Queue, store: CallStore) -> None:
    names = [kept(store, content) for content in (b"in the graph", b"in a parameter", b"in the batch", b"nowhere")]
    graph, parameter, shared, stray = names
    queue.add([replace(new("a.1"), graph=f'{{"x":"{written(graph)}"}}'.encode())])
    queue.add([replace(new("a.2"), parameters=f'{{"file":"{written(parameter)}"}}'.encode())])
    batch = NewBatch("b", "", "a", f'["{written(shared)}"]'.encode())
    queue.add([replace(new("a.3"), batch="b", graph=b"")], batch=batch)
    assert are_there(store, graph, parameter, shared, stray) == [True, True, True, False]
    queue.cancel()
    assert are_there(store, graph, parameter, shared) == [False, False, False]


def test_artefacts_stay_until_they_are_deleted(queue: Queue, store: CallStore) -> None:
    result, upload, stray = (kept(store, content) for content in (b"a result", b"an upload", b"a stray"))
    queue.add([new("a.1")])
    claimed(queue)
    row = {"id": "r", "digest": result, "type": "text", "media_type": "text/plain", "size": 8, "facts": b"{}"}
    store.write(Group(artefacts=[row | {"name": "out", "run": "a.1", "created": 1.0}]))
    queue.set_state("a.1", ["running"], "succeeded", ended=1.0)
    artefacts = Artefacts(store)
    kept_upload = artefacts.add(Blob(upload, 9, "file", "text/plain"), "cat.txt")
    assert are_there(store, result, upload, stray) == [True, True, False]
    artefacts.delete(kept_upload.id)
    queue.delete("a.1", ["succeeded"])
    assert are_there(store, result, upload) == [False, False]


def test_files_of_saved_graphs_stay_those_of_older_versions_too(store: CallStore) -> None:
    old, young = kept(store, b"old"), kept(store, b"young")
    saved = SavedGraphs(store)
    for version, digest in enumerate((old, young)):
        node = GraphNode("t/size_of", {"file": Constant(written(digest))})
        parameter = Parameter("file", default=written(digest))
        saved.save("g", Graph({"a": node}, parameters={"f": parameter}), version)
    assert are_there(store, old, young) == [True, True]


def test_what_a_link_shows_stays_until_the_link_has_run_out_or_is_taken_back(store: CallStore, wall: Time) -> None:
    scene, rain, wind, other = (kept(store, content, 30 * DAY) for content in (b"scene", b"rain", b"wind", b"other"))
    shares = Shares(store)
    shares.create("Alley", "local", scene, [rain, wind], 5 * DAY)
    revoked = shares.create("Other", "local", other, [rain], 9 * DAY)
    assert shares.count() == 2
    assert are_there(store, scene, rain, wind, other) == [True] * 4
    shares.revoke(revoked.id)
    assert are_there(store, scene, rain, wind, other) == [True, True, True, False]
    wall.now += 5 * DAY - 2
    assert are_there(store, scene, rain, wind) == [True] * 3
    wall.now += 2
    assert are_there(store, scene, rain, wind) == [False] * 3
    assert shares.count() == 0


def test_what_was_wanted_while_a_run_goes_stays(queue: Queue, store: CallStore, wall: Time) -> None:
    queue.add([new("a.1")])
    claimed(queue)
    file = store.blobs.put(b"a file that it adopted when it began")
    stray = kept(store, b"a stray")
    wall.now += 5 * 3600
    assert are_there(store, file, stray) == [True, False]
    queue.set_state("a.1", ["running"], "succeeded", ended=wall.now)
    assert are_there(store, file) == [False]


def test_a_run_whose_process_is_long_gone_holds_nothing(queue: Queue, store: CallStore, wall: Time) -> None:
    queue.add([new("a.1")])
    claimed(queue)
    key = made(store, "a.1", b"mine")
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE runs SET owner = NULL")
    wall.now += FORSAKEN_SECONDS - 60
    care.collect(store, max_bytes=0)
    assert key in store.by_key([key])
    wall.now += 120
    care.collect(store, max_bytes=0)
    assert store.by_key([key]) == {}


# Retention


@pytest.fixture
def ended(queue: Queue, store: CallStore, wall: Time) -> RunRows:
    """Four runs that ended a day apart, the latest just now, and one that waits."""
    for number in range(4):
        wall.now += DAY
        queue.add([new(f"a.{number}")], tell=event)
        run = claimed(queue)
        end: dict[str, object] = {"wanted": run.id, "new_state": "failed", "new_faults": b"[1]", "new_manifest": b"{}"}
        end |= {"new_results": to_row({}), "new_ended": wall.now}
        log = {"run": run.id, "number": 1, "at": 1.0, "step": "a", "item": None, "text": "told"}
        store.write(Group(run_ends=[end], logs=[dict(log)], tokens={run.id: run.token}))
    queue.add([new("a.9")], tell=event)
    return RunRows(store)


def recorded(store: CallStore) -> list[int]:
    """The ended runs whose record is there."""
    there = [number for number in range(4) if store.record(f"a.{number}")]
    assert there == [number for number in range(4) if store.journal(f"a.{number}")]
    return there


RETENTIONS: dict[str, tuple[dict[str, float], list[int]]] = {
    "neither age nor count": ({}, [0, 1, 2, 3]),
    "younger than two and a half days": ({"older_than_seconds": 2.5 * DAY}, [1, 2, 3]),
    "the newest two": ({"keep": 2}, [2, 3]),
    "both": ({"older_than_seconds": 1.5 * DAY, "keep": 3}, [2, 3]),
    "more than there are": ({"keep": 100}, [0, 1, 2, 3]),
    "none": ({"keep": 0}, []),
}


@pytest.mark.parametrize("name", RETENTIONS)
def test_records_are_kept_by_age_and_count(ended: RunRows, store: CallStore, name: str) -> None:
    given, wanted = RETENTIONS[name]
    told = prunable(store, **given)  # type: ignore[arg-type]
    assert recorded(store) == [0, 1, 2, 3], "it is only told"
    found = prune(store, **given)  # type: ignore[arg-type]
    assert told == found
    assert recorded(store) == wanted
    assert found == Pruned(4 - len(wanted), 4 - len(wanted))
    assert prune(store, **given) == Pruned(0, 0)  # type: ignore[arg-type]
    assert (ended.get("a.0").state, ended.get("a.0").faults) == ("failed", b"[1]")
    assert len(store.journal("a.9")) == 1, "it has not ended"


def test_more_records_than_go_in_one_transaction_are_pruned(queue: Queue, store: CallStore) -> None:
    queue.add([new(f"a.{number}") for number in range(1100)], tell=event)
    queue.cancel()
    assert prune(store, keep=0) == Pruned(1100, 1100)


def test_keys_of_old_submissions_are_forgotten(queue: Queue, store: CallStore, wall: Time) -> None:
    promise = Promise("a", "key", digest_of(b"x"))
    queue.add([new("a.1")], promise=promise)
    wall.now += 2 * DAY
    prune(store, older_than_seconds=3 * DAY)
    assert queue.add([new("a.2")], promise=promise) is not None
    prune(store, older_than_seconds=DAY)
    assert queue.add([new("a.2")], promise=promise) is None


def test_a_run_that_ended_before_leaves_its_result_when_its_record_goes(tmp_path: Path, database: Kind) -> None:
    with Session(tmp_path, catalogue=catalogue(), executor="inline") as session:
        session.run(graph_of({"a": ("grown", {"text": "", "by": 1})}, "a"))
        prune(session.store, keep=0)
        assert calls_made(session.run(graph_of({"a": ("grown", {"text": "", "by": 1})}, "a"))) == []
