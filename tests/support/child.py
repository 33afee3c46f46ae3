"""Runs graphs of `tally` in processes of their own.

`python -m tests.support.child STORE GRAPH CLAIM_SECONDS` runs one; `... deaths FOLDER POINT:COUNT ...` forks a process
for each fault point, which runs `growing` on the store FOLDER/POINT:COUNT until it dies there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from diorama.session import Session
from diorama.store import fault_points
from tests.support.tally import GRAPHS, catalogue

Child: TypeAlias = subprocess.Popen[str]
SHORT_CLAIM = 0.3
"""Seconds after which another process takes over what a dead one was at."""
ROOT = Path(__file__).parents[2]


def begin(store: Path, graph: str, claim_seconds: float = 10.0, **environment: str) -> Child:
    """A child that runs the graph; its environment holds the given variables too."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.child", str(store), graph, str(claim_seconds)],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def has_ended(child: Child, seconds: float) -> bool:
    """Whether a child ends within some seconds."""
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def ended(child: Child, seconds: float = 60.0) -> Mapping[str, object]:
    """What a child printed; fails where it did not end well."""
    out, err = child.communicate(timeout=seconds)
    assert child.returncode == 0, err
    told: Mapping[str, object] = json.loads(out)
    return told


def deaths(folder: Path, places: Sequence[str]) -> Mapping[str, int]:
    """Exit code by fault point: a process is forked for each, so that all of them pay for one start."""
    command = [sys.executable, "-m", "tests.support.child", "deaths", str(folder), *places]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    codes: Mapping[str, int] = json.loads(done.stdout)
    return codes


def _die_at(folder: Path, places: Sequence[str]) -> None:
    # What a first session imports is then there for every child.
    Session(folder / "first", catalogue=catalogue()).close()
    codes: dict[str, int] = {}
    for place in places:
        child = os.fork()
        if child == 0:
            fault_points.arm(place)
            with Session(folder / place, catalogue=catalogue(), claim_seconds=SHORT_CLAIM) as session:
                session.run(GRAPHS["growing"]())
            os._exit(0)
        codes[place] = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(json.dumps(codes))


def _main(store: str, graph: str, claim_seconds: str) -> None:
    with Session(Path(store), catalogue=catalogue(), claim_seconds=float(claim_seconds)) as session:
        result = session.run(GRAPHS[graph]())
        values = {name: ref.digest.hex() for name, ref in result.outputs.items()}
        print(json.dumps({"state": result.state, "faults": [str(fault) for fault in result.faults], "results": values}))


if __name__ == "__main__":
    if sys.argv[1] == "deaths":
        _die_at(Path(sys.argv[2]), sys.argv[3:])
    else:
        _main(*sys.argv[1:])
