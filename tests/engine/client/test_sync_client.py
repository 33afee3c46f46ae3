"""The synchronous client says what the asynchronous one says."""

from __future__ import annotations

import pytest
from tests.support.sync_client import CLIENT, FILES, written


@pytest.mark.parametrize(("source", "target"), FILES.items())
def test_the_synchronous_files_are_written_from_the_asynchronous_ones(source: str, target: str) -> None:
    assert (CLIENT / target).read_text() == written((CLIENT / source).read_text())
