"""What all tests share: the profile of the property tests, and the databases that stores may lie in."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.support.databases import database as database
from tests.support.databases import postgres as postgres

# The same examples every time, so that a red run is red again on anyone's machine; the long mode looks further.
CALM = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]
settings.register_profile(
    "quick", derandomize=True, deadline=None, max_examples=100, database=None, suppress_health_check=CALM
)
settings.register_profile("long", deadline=None, max_examples=5000, suppress_health_check=CALM)
settings.load_profile("long" if os.environ.get("DIORAMA_LONG") == "1" else "quick")


@pytest.fixture(scope="session", autouse=True)
def own_runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Servers of these tests share devices with each other, not with those of the machine that they run on."""
    before = os.environ.get("DIORAMA_RUNTIME")
    os.environ["DIORAMA_RUNTIME"] = str(tmp_path_factory.mktemp("runtime"))
    yield
    if before is None:
        del os.environ["DIORAMA_RUNTIME"]
    else:
        os.environ["DIORAMA_RUNTIME"] = before
