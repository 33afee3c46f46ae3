"""How far property tests look: a fixed number of examples, and many more in the long mode."""

from __future__ import annotations

import os

from hypothesis import settings

LONGER = 40 if os.environ.get("DIORAMA_LONG") == "1" else 1


def examples(count: int) -> settings:
    """Settings for `count` examples, in the long mode many times as many."""
    return settings(max_examples=count * LONGER)
