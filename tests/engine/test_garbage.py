"""How often garbage is looked for while much is made."""

from __future__ import annotations

import gc

from diorama.garbage import SELDOM, collected_seldom


def test_thresholds_are_as_they_were_once_all_blocks_ended_also_where_the_first_ends_first() -> None:
    before = gc.get_threshold()
    first, second = collected_seldom(), collected_seldom()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert gc.get_threshold() == SELDOM
    second.__exit__(None, None, None)
    assert gc.get_threshold() == before
