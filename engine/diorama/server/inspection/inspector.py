"""The server's side of inspection: one process, started when it is first needed and gone when it is not."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

import orjson
from pydantic import JsonValue

from diorama.faults import BadInput

MEMORY_BYTES: Final = 4 * 2**30
TIME_SECONDS: Final = 60.0
IDLE_SECONDS: Final = 120.0
MOST_ANSWER: Final = 2**20
"""Bytes of an answer; facts are small."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a file is."""

    type: str
    media_type: str
    facts: Mapping[str, JsonValue]


class Inspector:
    """Opens files in a bounded process; any thread may ask, one after the other.

    A file that takes too long or ends the process is refused (`BadInput`), and the next one finds a new process.
    """

    def __init__(
        self,
        *,
        memory_bytes: int = MEMORY_BYTES,
        time_seconds: float = TIME_SECONDS,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self.memory_bytes = memory_bytes
        self.time_seconds = time_seconds
        self.idle_seconds = idle_seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = Lock()

    def inspect(self, path: Path, name: str, wanted: str | None = None) -> Found:
        """What a file is; raises `BadInput` where it is damaged, goes beyond a limit, or is not what is wanted."""
        request = {"do": "inspect", "path": str(path), "name": name}
        found = self._ask(request | ({"type": wanted} if wanted is not None else {}))
        facts = found["facts"]
        assert isinstance(facts, dict)
        return Found(str(found["type"]), str(found["media_type"]), facts)

    def thumbnail(self, path: Path, type_: str, size: int, target: Path) -> None:
        """Write a picture of an artefact to `target`; raises `BadInput` where there is none."""
        asked = {"do": "thumbnail", "path": str(path), "type": type_, "size": str(size), "target": str(target)}
        self._ask(asked)

    def bones(self, path: Path, target: Path) -> None:
        """Write the bones of a motion to `target`, a GLB that moves; raises `BadInput` where it is none."""
        self._ask({"do": "bones", "path": str(path), "target": str(target)})

    def graph(self, path: Path, target: Path) -> bool:
        """Write the graph inside a file to `target`; False where it holds none, or is of a kind that cannot."""
        return bool(self._ask({"do": "graph", "path": str(path), "target": str(target)})["found"])

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _ask(self, request: Mapping[str, str]) -> Mapping[str, JsonValue]:
        with self._lock:
            answer = self._answer(orjson.dumps(request) + b"\n")
        if "fault" in answer:
            raise BadInput(str(answer["fault"]))
        return answer

    def _answer(self, line: bytes) -> Mapping[str, JsonValue]:
        child = self._running()
        assert child.stdin is not None
        try:
            child.stdin.write(line)
            child.stdin.flush()
        except BrokenPipeError:
            # It went after its idle time, as the request was on its way.
            self._end()
            child = self._running()
            assert child.stdin is not None
            child.stdin.write(line)
            child.stdin.flush()
        read = self._line(child)
        if read is None:
            self._end()
            return {"fault": f"the file takes longer to open than the {self.time_seconds:g} s that are given to it"}
        if not read:
            code = child.wait()
            self._end()
            return {"fault": f"the file ended the process that opened it (code {code})"}
        answer: Mapping[str, JsonValue] = orjson.loads(read)
        return answer

    def _line(self, child: subprocess.Popen[bytes]) -> bytes | None:
        """The next line; empty where the process ended, None where it takes too long."""
        assert child.stdout is not None
        ends = time.monotonic() + self.time_seconds
        handle, read = child.stdout.fileno(), b""
        while not read.endswith(b"\n"):
            left = ends - time.monotonic()
            if left <= 0 or not select.select([handle], [], [], left)[0] or len(read) > MOST_ANSWER:
                return None
            part = os.read(handle, 65536)
            if not part:
                return b""
            read += part
        return read

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._end()
        arguments = [str(self.memory_bytes), str(self.idle_seconds)]
        self._child = subprocess.Popen(  # noqa: S603  # this interpreter, with numbers as arguments
            [sys.executable, "-m", "diorama.server.inspection.child", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
            start_new_session=True,
        )
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()


def _environment() -> dict[str, str]:
    """What the process is told: no secrets, one thread (each takes address space), and the limits in force."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "PYTHONPATH", "VIRTUAL_ENV", "TMPDIR", "LD_LIBRARY_PATH")
    chosen = {name: os.environ[name] for name in kept if name in os.environ}
    chosen |= {name: value for name, value in os.environ.items() if name.startswith("DIORAMA_MAX_")}
    return chosen | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
