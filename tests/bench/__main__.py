"""Print every figure and keep the table: `python -m tests.bench [engine|workers|queue|commands|server|scenes|editor]`.

With no part named all but the editor's are measured and kept; `editor` alone keeps its own table, below the other.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench import commands, editor, engine, queue, scenes, server, workers

TABLE = Path(__file__).with_name("figures.md")
PARTS = {"engine": engine, "workers": workers, "queue": queue, "commands": commands, "server": server, "scenes": scenes}
ALL = PARTS | {"editor": editor}
EDITOR = "\n## The editor\n"


def table(command: str, parts: Sequence[str]) -> Iterator[str]:
    """The lines of a table, each as soon as it was measured."""
    cores, python = os.cpu_count(), platform.python_version()
    yield f"Measured by `{command}` on {cores} cores, Python {python}; medians."
    yield ""
    yield "| what | measured | bound | |"
    yield "|---|---|---|---|"
    for name in parts:
        for figure in ALL[name].figures():
            bound = f"{figure.bound:g} {figure.unit}" if figure.bound is not None else ""
            remarks = " ".join(filter(None, ("" if figure.is_met else "over", figure.note)))
            yield f"| {figure.what} | {figure.measured:.3g} {figure.unit} | {bound} | {remarks} |"


def main(parts: list[str]) -> None:
    """Measure and write."""
    command = "make bench-editor" if parts == ["editor"] else "make bench"
    lines: list[str] = []
    for line in table(command, parts or list(PARTS)):
        print(line, flush=True)
        lines.append(line)
    first, mark, second = TABLE.read_text().partition(EDITOR)
    measured = "\n".join(lines) + "\n"
    if parts == ["editor"]:
        TABLE.write_text(f"{first}{EDITOR}\n{measured}")
    elif not parts:
        TABLE.write_text(f"{measured}{mark}{second}")


if __name__ == "__main__":
    main(sys.argv[1:])
