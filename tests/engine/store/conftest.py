"""A store on each kind of database, under a calendar that moves when it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.support.databases import Kind
from tests.support.queued import Time

from diorama.store.calls import CallStore
from diorama.store.queue import Queue


@pytest.fixture
def wall() -> Time:
    return Time(1_000_000.0)


@pytest.fixture
def store(tmp_path: Path, database: Kind, wall: Time) -> Iterator[CallStore]:
    with closing(CallStore(tmp_path, wall=wall)) as opened:
        yield opened


@pytest.fixture
def queue(store: CallStore) -> Queue:
    return Queue(store)
