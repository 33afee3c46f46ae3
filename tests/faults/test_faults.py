"""The short form of the faults that every run of the tests injects; `make faults` injects all of them at length."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.figures import NotHere
from tests.faults.listed import FAULTS

SHORT = (1, 2, 7, 8, 9, 10, 11)
"""3 and 5 are tests of the store already."""


@pytest.mark.parametrize("number", SHORT)
def test_what_must_hold_holds_when(number: int, tmp_path: Path) -> None:
    try:
        assert FAULTS[number].run(tmp_path, False)
    except NotHere as error:
        pytest.skip(str(error))


def test_every_fault_that_is_promised_has_a_program() -> None:
    assert sorted(FAULTS) == list(range(1, 21))
