"""Folders for the temporary files of workers, gone with them also where their server was killed."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from diorama.execute import proc

PREFIX = "diorama-workers"


def scratch_folder() -> Path:
    """A new folder of this process; those of processes that are gone are removed on the way."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}-*"):
        if _is_left_behind(left):
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}-{os.getpid()}-{proc.started(os.getpid())}-"))


def _is_left_behind(folder: Path) -> bool:
    words = folder.name.removeprefix(f"{PREFIX}-").split("-")
    if len(words) != 3 or not words[0].isdecimal() or not words[1].isdecimal():
        return False
    pid, started = int(words[0]), int(words[1])
    return bool(started) and proc.started(pid) != started
