"""Print every figure and keep the table: `python -m tests.bench [engine|workers|queue|commands|server|scenes]`."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

from tests.bench import commands, engine, queue, scenes, server, workers

TABLE = Path(__file__).with_name("figures.md")
PARTS = {"engine": engine, "workers": workers, "queue": queue, "commands": commands, "server": server, "scenes": scenes}


def main(parts: list[str]) -> None:
    """Measure and write."""
    cores, python = os.cpu_count(), platform.python_version()
    lines = [f"Measured by `make bench` on {cores} cores, Python {python}; medians.", ""]
    lines += ["| what | measured | bound | |", "|---|---|---|---|"]
    for name in parts or PARTS:
        for figure in PARTS[name].figures():
            bound = f"{figure.bound:g} {figure.unit}" if figure.bound is not None else ""
            remarks = " ".join(filter(None, ("" if figure.is_met else "over", figure.note)))
            line = f"| {figure.what} | {figure.measured:.3g} {figure.unit} | {bound} | {remarks} |"
            print(line, flush=True)
            lines.append(line)
    if not parts:
        TABLE.write_text("\n".join(lines) + "\n")


main(sys.argv[1:])
