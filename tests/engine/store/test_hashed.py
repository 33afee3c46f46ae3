"""What is read and hashed at the same time is what the file holds, whatever its length."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from diorama.keys import digest_of
from diorama.store.durable import LARGE_BYTES
from diorama.store.hashed import PART_BYTES, read_hashed

LENGTHS = (0, 1, LARGE_BYTES - 1, LARGE_BYTES, PART_BYTES, PART_BYTES + 1, 3 * PART_BYTES - 1, 3 * PART_BYTES)


@pytest.mark.parametrize("length", LENGTHS)
def test_a_file_is_read_whole_with_the_digest_of_its_bytes(length: int, tmp_path: Path) -> None:
    content = np.random.default_rng(length).bytes(length)
    path = tmp_path / "file"
    path.write_bytes(content)
    assert read_hashed(path) == (content, digest_of(content))


@pytest.mark.parametrize("lost", [1, PART_BYTES, 2 * PART_BYTES])
def test_of_a_file_that_is_cut_while_it_is_read_the_rest_comes_with_its_own_digest(
    lost: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = np.random.default_rng(0).bytes(3 * PART_BYTES)
    path = tmp_path / "file"
    path.write_bytes(content)

    def whole_size(file: int) -> os.stat_result:
        facts = os.stat(file)
        os.truncate(path, len(content) - lost)
        return facts

    monkeypatch.setattr(os, "fstat", whole_size)
    assert read_hashed(path) == (content[:-lost], digest_of(content[:-lost]))
