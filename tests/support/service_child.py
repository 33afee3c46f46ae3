"""A service in a process of its own that a test kills: `python -m tests.support.service_child STORE COUNT`.

It submits a run of `COUNT` calls side by side and prints the run's id; it goes on until it is killed, or closes in
good order when its input ends.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from diorama.run.service import Service
from diorama.run.views import Submission
from tests.support.child import ROOT, Child
from tests.support.tally import catalogue, row_of_slow


def begin(store: Path, count: int) -> tuple[Child, str]:
    """A child with a service that has a run under way, and the run's id."""
    command = [sys.executable, "-m", "tests.support.service_child", str(store), str(count)]
    child = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    run = child.stdout.readline().strip()
    assert run, "the service did not start"
    return child, run


def _main(store: str, count: str) -> None:
    with Service(Path(store), catalogue=catalogue()) as service:
        view, _ = service.submit(Submission(row_of_slow(int(count))))
        print(view.id, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    _main(*sys.argv[1:])
