"""A process that dies at any step of blob write, rename, commit, notify leaves a store that tells the truth."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.support import child
from tests.support.deaths import Deaths, deaths
from tests.support.tally import calls_made, catalogue, growing

from diorama.keys import Digest, digest_of
from diorama.refs import blobs_in, from_row
from diorama.session import Session
from diorama.store.blobs import BlobStore
from diorama.store.calls import CallStore
from diorama.store.fault_points import POINTS
from diorama.store.known import unsealed
from diorama.store.tables import calls

WANTED = 3 * 6000
DEATHS = [f"{point}:{count}" for point in POINTS for count in (1, 2, 3)]


def assert_true_to_its_word(store: CallStore) -> None:
    """Every row points to whole blobs, and every blob is what its name says."""
    for digest, _ in store.blobs.digests():
        assert digest_of(store.blobs.path(digest).read_bytes()) == digest
    with store.reading() as connection:
        assert store.dialect.check(connection) == "ok"
        rows = connection.execute(select(calls.c.key, calls.c.outputs)).all()
    for key, kept in rows:
        row = unsealed(Digest(key), kept)
        assert row is not None
        for ref in from_row(row).values():
            for blob in blobs_in(ref):
                store.blobs.check(blob.digest, blob.size)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def dead(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deaths]:
    folder = tmp_path_factory.mktemp("dead")
    with deaths(folder, "growing", DEATHS, request.param, request) as found:
        shutil.copytree(folder / "blob-written:1", folder / "half")
        yield found


@pytest.mark.parametrize("place", DEATHS)
def test_a_death_leaves_nothing_false_and_the_run_goes_on(dead: Deaths, place: str) -> None:
    assert dead.codes[place] == 137, f"{place} was not reached"
    store = dead.opened(place)
    with Session(store, catalogue=catalogue(), executor="inline", claim_seconds=child.SHORT_CLAIM) as session:
        assert_true_to_its_word(session.store)
        result = session.run(growing())
        assert (result.state, result["length"]) == ("succeeded", WANTED)
        assert_true_to_its_word(session.store)
        assert calls_made(session.run(growing())) == []


def test_the_environment_names_the_place(tmp_path: Path) -> None:
    died = child.begin(tmp_path, "growing", DIORAMA_DIE_AT="flush-committed")
    died.communicate(timeout=60)
    assert died.returncode == 137


def test_what_died_half_written_lies_outside_the_blobs_until_it_is_swept(
    dead: Deaths,
) -> None:
    store = BlobStore(dead.folder / "half")
    (left,) = (store.root / "incoming").iterdir()
    assert list(store.digests()) == []
    assert store.sweep(left.stat().st_mtime + 1) == 1
    assert not left.exists()
