"""An executor of real processes for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.calling import Caller, calling


@pytest.fixture
def caller(tmp_path: Path) -> Iterator[Caller]:
    """Two CPU workers on an empty store."""
    with calling(tmp_path / "store") as made:
        yield made
