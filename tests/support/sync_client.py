"""Writes the synchronous client from the asynchronous one, which says all that there is to say.

`python -m tests.support.sync_client` writes both files anew; a test holds them to their sources.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

CLIENT = Path(__file__).parents[2] / "engine" / "diorama" / "client"
FILES = {"aio.py": "sync.py", "aio_lines.py": "lines.py"}
WORDS = (
    (
        r"`diorama\.AsyncClient`: (.*)\. `sync\.py` is written from this file\.",
        r"`diorama.Client`: \1. Written from `aio.py`.",
    ),
    (r"the asynchronous client\. `lines\.py` is written from this file\.", r"the client. Written from `aio_lines.py`."),
    (r"A cancelled task, Ctrl-C, or anything", "Ctrl-C, or anything"),
    (r"\bAsync(?=[A-Z])", ""),
    (r"\basync (?=def|with|for)", ""),
    (r"\bawait ", ""),
    (r"\benter_async_context\b", "enter_context"),
    (r"\b__a(enter|exit)__", r"__\1__"),
    (r"\ba(close|read|iter_bytes|pause)\b", r"\1"),
    (r"for (\w+) in (.*):\n +yield \1\n", r"yield from \2\n"),
    (r"\baio_lines\b", "lines"),
    (r"websockets\.asyncio", "websockets.sync"),
    (r"    def value\(self, name", "    def __getitem__(self, name"),
    (r"\n    def manifest\(self\) -> Document:", "\n    @property\n    def manifest(self) -> Document:"),
)


def written(source: str) -> str:
    """The synchronous form of an asynchronous source."""
    for pattern, word in WORDS:
        source = re.sub(pattern, word, source)
    return _tidied(_tidied(source, "check", "--fix", "--quiet"), "format")


def _tidied(source: str, *how: str) -> str:
    command = [sys.executable, "-m", "ruff", *how, "--stdin-filename", str(CLIENT / "sync.py"), "-"]
    return subprocess.run(command, input=source, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    for source, target in FILES.items():
        (CLIENT / target).write_text(written((CLIENT / source).read_text()))
