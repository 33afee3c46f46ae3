"""Calls handed straight to an executor of real processes, and what came of each.

`python -m tests.support.calling STORE` keeps two workers busy, one with a call that listens to nothing, and prints
their process ids.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from diorama.catalogue import Entry
from diorama.execute.call import Call, Done, Failed, Outcome, Stopped, Waiting
from diorama.execute.devices import Devices
from diorama.execute.pool import PoolOptions
from diorama.execute.processes import ProcessExecutor
from diorama.execute.transport import Transport
from diorama.refs import Ref, inline
from diorama.store.blobs import BlobStore
from tests.support.faulty_nodes import Raw, catalogue

PLACE = "tests.support.faulty_nodes:catalogue"
ROOT = Path(__file__).parents[2]
LONG_SECONDS = 30.0
"""Nothing here takes so long."""


@dataclass
class Caller:
    """An executor, and all that it told."""

    executor: ProcessExecutor
    told: list[Outcome] = field(default_factory=list)
    count: int = 0

    @property
    def transport(self) -> Transport:
        """How values get into the store."""
        return self.executor.transport

    def entry(self, node: str) -> Entry:
        """A node of the catalogue."""
        return catalogue().entries[f"t/{node}"]

    def ref(self, value: object) -> Ref:
        """What stands for a value."""
        if isinstance(value, Raw):
            return self.transport.preview(value)
        return inline(value)  # type: ignore[arg-type]

    def start(self, node: str, **inputs: object) -> int:
        """Start a call; gives its number."""
        return self.start_batch(node, [inputs])

    def start_batch(self, node: str, items: list[Mapping[str, object]], rung: int = 0) -> int:
        """Start a call of several items; waits for a place."""
        self.count += 1
        entry = self.entry(node)
        refs = [{name: self.ref(value) for name, value in inputs.items()} for inputs in items]
        lane = self.executor.lane(entry)
        if not self.executor.is_inline(entry):
            self.until(lambda: self.executor.choose(lane, [Waiting(entry, refs, 0, 0.0, 0.0, rung)]) is not None)
        self.executor.start(Call(self.count, entry, refs, rung))
        return self.count

    def until(self, holds: Callable[[], bool], seconds: float = LONG_SECONDS) -> None:
        """Take what comes in until something holds."""
        limit = time.monotonic() + seconds
        while not holds():
            left = limit - time.monotonic()
            assert left > 0, f"it never came to hold; told so far: {self.told[-5:]}"
            self.told += self.executor.wait(min(left, 0.1))

    def of(self, call: int) -> list[Outcome]:
        """What was told of a call."""
        return [outcome for outcome in self.told if outcome.call == call]

    def end_of(self, call: int, seconds: float = LONG_SECONDS) -> Done | Failed | Stopped:
        """How a call ended, once it has."""
        self.until(lambda: any(isinstance(one, Done | Failed | Stopped) for one in self.of(call)), seconds)
        (end,) = [one for one in self.of(call) if isinstance(one, Done | Failed | Stopped)]
        return end

    def call(self, node: str, **inputs: object) -> Done | Failed | Stopped:
        """Make a call."""
        return self.end_of(self.start(node, **inputs))

    def value(self, node: str, **inputs: object) -> object:
        """What a call gives, which ends well."""
        done = self.call(node, **inputs)
        assert isinstance(done, Done), done
        return self.transport.value(done.outputs[0]["value"])

    def failed(self, node: str, **inputs: object) -> Failed:
        """How a call failed, which does not end well."""
        failed = self.call(node, **inputs)
        assert isinstance(failed, Failed), failed
        return failed

    def pids(self) -> set[int]:
        """The worker processes."""
        return {view.pid for view in self.executor.workers()}


@contextmanager
def calling(
    folder: Path,
    options: PoolOptions | None = None,
    devices: Devices | None = None,
    trusted: frozenset[str] = frozenset(),
) -> Iterator[Caller]:
    """An executor on a folder, gone afterwards with all of its workers."""
    options = options or PoolOptions(catalogue=PLACE, cpu_workers=2)
    executor = ProcessExecutor(Transport(BlobStore(folder)), devices=devices, trusted=trusted, options=options)
    caller = Caller(executor)
    try:
        yield caller
    finally:
        pids = caller.pids()
        executor.close()
        assert not [pid for pid in pids if is_alive(pid)]


def is_alive(pid: int) -> bool:
    """Whether there is a process of this number that has not ended."""
    try:
        return b") Z" not in Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False


def open_files() -> int:
    """How many files this process has open."""
    return len(os.listdir("/proc/self/fd"))


def serving(store: Path) -> subprocess.Popen[str]:
    """A process that has two workers, and prints their numbers in one line."""
    command = [sys.executable, "-m", "tests.support.calling", str(store)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _main(store: str) -> None:
    with calling(Path(store)) as caller:
        calls = [caller.start("deaf", x=1), caller.start("listens", x=1)]
        caller.until(lambda: all(caller.of(call) for call in calls))
        print(*caller.pids(), flush=True)
        caller.until(lambda: False)


if __name__ == "__main__":
    _main(sys.argv[1])
