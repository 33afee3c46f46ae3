"""The folder in which processes of this machine tell each other which devices they use."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from diorama.faults import failure

VARIABLE = "DIORAMA_RUNTIME"


def runtime_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder, made where it is not there; raises `DioramaError` (C001) where it cannot be used.

    It is `DIORAMA_RUNTIME`, else `diorama` in `XDG_RUNTIME_DIR`, else a folder of this user's own among temporary
    files. Servers of several users that share devices are given one by `DIORAMA_RUNTIME`.
    """
    chosen = environment.get(VARIABLE)
    session = environment.get("XDG_RUNTIME_DIR")
    if chosen:
        folder = Path(chosen).expanduser()
    elif session:
        folder = Path(session) / "diorama"
    else:
        folder = Path(tempfile.gettempdir()) / f"diorama-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat(follow_symlinks=bool(chosen))
    except OSError as error:
        raise failure("C001", VARIABLE, f"the folder {folder} cannot be used: {error.strerror}") from error
    # Anyone may make a folder among temporary files: another user's would let them give our devices away.
    if not chosen and found.st_uid != os.getuid():
        raise failure("C001", VARIABLE, f"the folder {folder} belongs to another user; set {VARIABLE} to one of yours")
    return folder
