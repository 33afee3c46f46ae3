"""Servers in processes of their own that share a queue take each run once."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path

from tests.support.child import ROOT
from tests.support.databases import Kind
from tests.support.queued import event, new

from diorama.store.calls import CallStore
from diorama.store.queue import Queue
from diorama.store.run_rows import RunRows

RUNS = 150
BOUND = 120.0
"""Seconds that nothing here may take; only a hang does."""


def test_each_run_is_taken_by_one_server(tmp_path: Path, database: Kind) -> None:
    with closing(CallStore(tmp_path)) as store, ExitStack() as ended:
        Queue(store).add([new(f"{'abc'[number % 3]}.{number}") for number in range(RUNS)], tell=event)
        servers: list[subprocess.Popen[str]] = []
        for owner in ("one", "two", "three"):
            command = [sys.executable, "-m", "tests.support.queue_child", str(tmp_path), owner]
            server = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            ended.callback(server.kill)
            servers.append(server)
        for server in servers:
            assert server.stdout is not None
            assert server.stdout.readline() == "ready\n"
        told = [server.communicate("go\n", timeout=BOUND) for server in servers]
        assert [server.returncode for server in servers] == [0, 0, 0], told
        taken = [out.split() for out, _ in told]
        assert sorted(run for mine in taken for run in mine) == sorted(
            run.id for run in RunRows(store).page(limit=RUNS).items
        )
        assert RunRows(store).counts() == {"succeeded": RUNS}
