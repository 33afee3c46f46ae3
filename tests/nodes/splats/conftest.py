from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from diorama.types import File


@pytest.fixture
def as_file(tmp_path: Path) -> Callable[[bytes, str], File]:
    def write(content: bytes, name: str) -> File:
        path = tmp_path / name
        path.write_bytes(content)
        return File(name, f"blake3:{name}", len(content), path)

    return write
