"""What a worker prints is cut into lines, and what is too much is dropped and said to be."""

from __future__ import annotations

import pytest

from diorama.execute.output import LINES, Output

DROPPED = f"(more than {LINES} lines: the rest is dropped)"


@pytest.mark.parametrize("first", [1, LINES - 1, LINES, LINES + 1, 2 * LINES])
def test_a_flood_is_cut_off_once_wherever_it_is_read_in_parts(first: int) -> None:
    output = Output()
    output.begin()
    lines = [line for count in (first, 2 * LINES, 5) for line in output.feed(b"x\n" * count)]
    assert lines == ["x"] * LINES + [DROPPED]


def test_as_many_lines_as_are_told_are_told_whole() -> None:
    output = Output()
    output.begin()
    assert output.feed(b"x\n" * LINES) == ["x"] * LINES
    assert not output.is_flooding
