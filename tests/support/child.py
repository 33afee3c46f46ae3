"""Runs a graph of `tally` in a process of its own: `python -m tests.support.child STORE GRAPH CLAIM_SECONDS`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from diorama.session import Session
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


def _main(store: str, graph: str, claim_seconds: str) -> None:
    with Session(Path(store), catalogue=catalogue(), claim_seconds=float(claim_seconds)) as session:
        result = session.run(GRAPHS[graph]())
        values = {name: ref.digest.hex() for name, ref in result.outputs.items()}
        print(json.dumps({"state": result.state, "faults": [str(fault) for fault in result.faults], "results": values}))


if __name__ == "__main__":
    _main(*sys.argv[1:])
