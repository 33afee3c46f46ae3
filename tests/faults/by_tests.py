"""Faults that tests of one part inject already: here those run in their long form."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.faults.figures import Figures
from tests.faults.processes import ROOT

LONGEST_SECONDS = 3600.0


def by_tests(*tests: str, is_marked: bool = False) -> Callable[[Path, bool], Figures]:
    """A program that runs tests; at length, those marked as long too where there are any."""

    def run(folder: Path, is_long: bool) -> Figures:
        wanted = ["-m", "long or not long"] if is_long and is_marked else []
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--timeout=3600", *wanted, *tests]
        environment = {**os.environ, "DIORAMA_LONG": "1" if is_long and is_marked else "0"}
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False
        )
        assert done.returncode == 0, done.stdout[-3000:]
        found = re.search(r"(\d+) passed", done.stdout)
        assert found is not None, done.stdout[-1000:]
        return {"tests": f"{found[1]} hold"}

    return run
