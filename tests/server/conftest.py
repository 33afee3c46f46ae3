"""Servers for the tests of the API: one with nodes made for tests, one with the real ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.support.served import Serving, serving
from tests.support.service_nodes import catalogue

from diorama.run.service import Service


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server with the nodes of `service_nodes`."""
    with Service(tmp_path_factory.mktemp("store"), catalogue=catalogue()) as service, serving(service) as one:
        yield one


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server with the nodes that are installed."""
    with Service(tmp_path_factory.mktemp("store")) as service, serving(service) as one:
        yield one
