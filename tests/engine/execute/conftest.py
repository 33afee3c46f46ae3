"""An executor of real processes for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.calling import Caller, calling


@pytest.fixture(scope="session", autouse=True)
def bytecode(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Workers keep what they compile, so that the next one need not: most of a start would be that."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        patch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path_factory.mktemp("bytecode")))
        yield


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    """Two CPU workers for all tests of a file that do not mind who came before them."""
    with calling(tmp_path_factory.mktemp("shared")) as made:
        yield made


@pytest.fixture
def caller(tmp_path: Path) -> Iterator[Caller]:
    """Two CPU workers on an empty store."""
    with calling(tmp_path / "store") as made:
        yield made
