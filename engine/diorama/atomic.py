"""Files that are whole or not there."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from diorama.faults import failure


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def write_whole(path: Path, content: bytes) -> None:
    """Write a file by way of a temporary one beside it; raises `DioramaError` (S001, R006) and leaves the old one."""
    if _holds(path, content):
        return
    temporary = path.parent / f".{path.name}.{secrets.token_hex(4)}"
    try:
        with temporary.open("wb", buffering=0) as file:
            rest = memoryview(content)
            while rest:
                rest = rest[file.write(rest) :]
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        code = "R006" if error.errno == 28 else "S001"
        raise failure(code, str(path), f"the file cannot be written: {error.strerror}") from error
