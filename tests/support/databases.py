"""Fixtures: a test that asks for `database` runs twice, with its stores on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

import pytest

from diorama.store.calls import DATABASE_VARIABLE
from tests.support import postgres as wheel
from tests.support.postgres import Postgres, why_none

Kind: TypeAlias = Literal["sqlite", "postgres"]


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A server that all test processes share."""
    why = why_none()
    if why is not None:
        pytest.skip(why)
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    with wheel.running(shared / "postgres") as running:
        yield running


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kind]:
    """The kind of database that stores of the test lie in; on PostgreSQL all of them share one that is fresh."""
    if request.param == "sqlite":
        monkeypatch.delenv(DATABASE_VARIABLE, raising=False)
        yield "sqlite"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database() as url:
        monkeypatch.setenv(DATABASE_VARIABLE, url)
        yield "postgres"
