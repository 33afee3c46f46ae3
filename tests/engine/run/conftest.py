"""What tests of runs watch and hold up their calls with."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.tally import GATE, TALLY


@pytest.fixture
def tally(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file with a line for each call that was really made."""
    path = tmp_path / "tally"
    monkeypatch.setenv(TALLY, str(path))
    return path


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that calls of `gated` wait for."""
    path = tmp_path / "gate"
    monkeypatch.setenv(GATE, str(path))
    return path
