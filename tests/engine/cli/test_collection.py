"""How the cyclic collector is kept out of short commands."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import atexit, gc
atexit.register(lambda: print(gc.get_freeze_count() > 1000, len(gc.get_objects()) < 1000))
import diorama.cli
print(gc.get_threshold()[0])
"""


def test_the_collector_looks_at_little_while_a_command_starts_and_at_nothing_when_it_ends() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["200000", "True", "True"]
