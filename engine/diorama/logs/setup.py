"""Where the log goes: standard error or a file that is turned over, and the last lines in memory."""

from __future__ import annotations

import logging
import logging.handlers
import os
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from diorama.logs.lines import JsonLines, PlainLines
from diorama.logs.secrets import Redactor

FILE_BYTES: Final = 20 * 2**20
FILES_KEPT: Final = 5
TAIL_LINES: Final = 2000
WRITE_SECONDS: Final = 0.1
"""How often lines are written that are no warnings."""
OURS: Final = "diorama"
"""The logger whose level is chosen; libraries are heard from warnings on."""
MUTE: Final = ("uvicorn.access",)
"""Loggers that tell what we tell ourselves, and with queries, where tickets are."""
Level = Literal["debug", "info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class LogOptions:
    """How a server logs."""

    level: Level = "info"
    file: Path | None = None
    """None for standard error; a file is turned over at 20 MiB, and five are kept."""
    as_json: bool | None = None
    """None for JSON unless standard error is a terminal."""


class Tail(logging.Handler):
    """The last lines of the log, as JSON, for those who ask the server for them."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self.setFormatter(JsonLines(redactor))
        self._records: deque[logging.LogRecord] = deque(maxlen=TAIL_LINES)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record; it becomes a line when it is asked for, as few are."""
        self._records.append(record)

    def lines(self, count: int) -> list[bytes]:
        """The last lines, the oldest first."""
        return [self.format(record).encode() for record in list(self._records)[-count:]] if count > 0 else []


class _Handing(logging.Handler):
    """Hands records to a thread that writes several at a time.

    Waking it for each would take the turn of those who work; for a warning it is woken at once.
    """

    def __init__(self, *handlers: logging.Handler) -> None:
        super().__init__()
        self._handlers = handlers
        self._records: deque[logging.LogRecord] = deque()
        self._woken = threading.Event()
        self._is_closing = False
        self._thread = threading.Thread(target=self._serve, name="diorama-log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Let a record be written soon."""
        self._records.append(record)
        if record.levelno >= logging.WARNING:
            self._woken.set()

    def close(self) -> None:
        """Write what is left."""
        self._is_closing = True
        self._woken.set()
        self._thread.join()
        super().close()

    def _serve(self) -> None:
        is_closing = False
        while not is_closing:
            self._woken.wait(WRITE_SECONDS)
            self._woken.clear()
            is_closing = self._is_closing
            while self._records:
                record = self._records.popleft()
                for handler in self._handlers:
                    handler.handle(record)


@contextmanager
def logging_to(options: LogOptions) -> Iterator[Tail]:
    """Let everything be logged for the length of a block; a slow terminal or disk slows nobody who logs."""
    redactor = Redactor()
    tail = Tail(redactor)
    written = _writer(options, redactor)
    handing = _Handing(written, tail)
    root = logging.getLogger()
    levels = {OURS: options.level.upper(), **dict.fromkeys(MUTE, "CRITICAL"), "uvicorn": "WARNING"}
    before = {name: logging.getLogger(name).level for name in levels}
    root.addHandler(handing)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    try:
        yield tail
    finally:
        root.removeHandler(handing)
        for name, old in before.items():
            logging.getLogger(name).setLevel(old)
        handing.close()
        written.close()


def _writer(options: LogOptions, redactor: Redactor) -> logging.Handler:
    handler: logging.Handler
    if options.file is not None:
        options.file.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            options.file, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8", errors="backslashreplace"
        )
        os.chmod(options.file, 0o600)
    else:
        handler = logging.StreamHandler()
    is_for_people = options.file is None and sys.stderr.isatty()
    as_json = not is_for_people if options.as_json is None else options.as_json
    handler.setFormatter(JsonLines(redactor) if as_json else PlainLines(redactor))
    return handler
