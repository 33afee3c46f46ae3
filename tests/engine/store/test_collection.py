"""Collection takes what was not used for long, rows before blobs, and nothing that someone may be about to use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from tests.support.tally import calls_made, catalogue, graph_of, growing

from diorama.refs import Blob
from diorama.session import Result, Session
from diorama.store import care
from diorama.store.artefacts import Artefacts
from diorama.store.calls import CallStore

pytestmark = pytest.mark.usefixtures("database")

DAY = 86_400.0


class Wall:
    """A calendar that moves when it is told to."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def wall() -> Wall:
    import time

    return Wall(time.time())


@pytest.fixture
def session(tmp_path: Path, wall: Wall) -> Iterator[Session]:
    store = CallStore(tmp_path, wall=wall)
    with Session(store, catalogue=catalogue(), executor="inline") as opened:
        yield opened


def sizes(session: Session) -> tuple[int, int]:
    found = care.stats(session.store)
    return found.calls, found.blobs


def age(result: Result, session: Session, seconds: float) -> None:
    """Let the blobs of a result look as if written so long ago."""
    for ref in result.outputs.values():
        if isinstance(ref, Blob):
            path = session.store.blobs.path(ref.digest)
            then = path.stat().st_mtime - seconds
            os.utime(path, (then, then))


def text(by: int) -> dict[str, tuple[str, dict[str, object]]]:
    return {f"t{by}": ("grown", {"text": "", "by": by})}


def test_what_is_old_goes_and_what_was_used_since_stays(session: Session, wall: Wall) -> None:
    old, used = session.run(graph_of(text(1), "t1")), session.run(graph_of(text(2), "t2"))
    age(old, session, 40 * DAY)
    age(used, session, 40 * DAY)
    wall.now += 20 * DAY
    assert calls_made(session.run(graph_of(text(2), "t2"))) == []
    wall.now += 20 * DAY
    found = care.collect(session.store, older_than_seconds=30 * DAY)
    assert (found.calls, found.blobs) == (1, 1)
    assert calls_made(session.run(graph_of(text(2), "t2"))) == []
    assert calls_made(session.run(graph_of(text(1), "t1"))) == ["t1"]


def test_beyond_a_size_the_longest_unused_go_first(session: Session, wall: Wall) -> None:
    for by in (1, 2, 3):
        age(session.run(graph_of(text(by), f"t{by}")), session, 10 * DAY)
        wall.now += DAY
    found = care.collect(session.store, max_bytes=2 * 6002 + 100)
    assert (found.calls, found.blobs) == (1, 1)
    assert calls_made(session.run(graph_of(text(2) | text(3), "t2", "t3"))) == []
    assert calls_made(session.run(graph_of(text(1), "t1"))) == ["t1"]


def test_young_blobs_stay_although_their_calls_went(session: Session, wall: Wall) -> None:
    result = session.run(graph_of(text(1), "t1"))
    wall.now += 10
    found = care.collect(session.store, max_bytes=0)
    assert (found.calls, found.blobs) == (1, 0)
    assert str(result["t1"]).startswith("1,1,"), "a run that has it can still read it"


def test_a_blob_that_is_wanted_again_is_young_again(session: Session) -> None:
    result = session.run(graph_of(text(1), "t1"))
    age(result, session, 10 * DAY)
    assert calls_made(session.run(graph_of(text(1), "t1"))) == []
    assert care.collect(session.store, max_bytes=0).blobs == 0
    age(result, session, 10 * DAY)
    assert care.collect(session.store).blobs == 1


def test_a_blob_that_two_calls_share_goes_with_the_last_of_them(session: Session, wall: Wall) -> None:
    # The same text from different inputs.
    one = session.run(graph_of({"a": ("grown", {"text": "", "by": 1})}, "a"))
    other = session.run(graph_of({"b": ("grown", {"text": "1," * 3000, "by": 1})}, "b"))
    assert one.outputs["a"].digest != other.outputs["b"].digest
    age(one, session, 10 * DAY)
    assert care.collect(session.store).blobs == 0


def test_runs_stay_readable_when_their_calls_went(session: Session, wall: Wall) -> None:
    result = session.run(growing())
    age(result, session, 10 * DAY)
    wall.now += 10 * DAY
    care.collect(session.store, older_than_seconds=DAY)
    assert sizes(session)[0] == 0
    manifest = orjson.loads(session.store.record(result.run))
    assert manifest == result.manifest
    assert [event["kind"] for event in session.store.journal(result.run)][-1] == "run_ended"
    assert session.run(growing())["length"] == 18_000


def test_a_run_whose_values_are_collected_under_it_still_ends_right(session: Session) -> None:
    session.run(growing())
    plan_graph = graph_of({**dict(_growing_nodes()), "more": ("grown", {"text": "@c", "by": 4})}, "more")
    run = session.begin(plan_graph)
    for digest, _ in list(session.store.blobs.digests()):
        session.store.blobs.remove(digest, float("inf"))
    session.scheduler.run_until_idle()
    if run.needs_plan:
        run = session.begin(plan_graph)
        session.scheduler.run_until_idle()
    assert run.state == "succeeded"


def _growing_nodes() -> dict[str, tuple[str, dict[str, object]]]:
    return {
        "a": ("grown", {"text": "", "by": 1}),
        "b": ("grown", {"text": "@a", "by": 2}),
        "c": ("grown", {"text": "@b", "by": 3}),
    }


def test_temporary_files_go_when_they_are_old(session: Session, tmp_path: Path) -> None:
    old, young = tmp_path / "incoming" / "old.1", tmp_path / "incoming" / "young.1"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (1.0, 1.0))
    assert care.collect(session.store).temporary_files == 1
    assert (old.exists(), young.exists()) == (False, True)


def test_stray_files_among_the_blobs_harm_nothing(session: Session, tmp_path: Path) -> None:
    session.run(growing())
    (tmp_path / "blobs" / "note.txt").write_text("a stray file")
    (tmp_path / "blobs" / "00").mkdir(exist_ok=True)
    (tmp_path / "blobs" / "00" / "note.txt").write_text("another")
    assert care.verify(session.store).damaged == ()
    assert sizes(session) == (4, 3)
    care.collect(session.store, max_bytes=0)


def test_a_file_that_was_uploaded_stays_until_nobody_names_it(session: Session, wall: Wall) -> None:
    content = b"uploaded"
    blobs, artefacts = session.store.blobs, Artefacts(session.store)
    blob = Blob(blobs.put(content), len(content), "file", "text/plain")
    kept = artefacts.add(blob, "words.txt")
    wall.now += 2 * DAY
    care.collect(session.store, older_than_seconds=DAY)
    assert blobs.get(blob.digest) == content
    artefacts.delete(kept.id)
    care.collect(session.store, older_than_seconds=DAY)
    assert not blobs.path(blob.digest).exists()
