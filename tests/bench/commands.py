"""Whole commands, as a user waits for them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import Figure, folder, in_fresh_process, median, whole_command

IMPORT = "import time; begun = time.perf_counter(); import diorama; print((time.perf_counter() - begun) * 1000)"
PROMPT = "misty cyberpunk alley at night; neon kanji; detective walking slowly; rain; lo-fi minor 80 bpm."


def figures() -> Iterator[Figure]:
    """Every figure of whole commands, with bytecode kept as Python does by itself."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    program = str(Path(sys.executable).with_name("diorama"))
    yield Figure("import diorama", median(lambda: in_fresh_process(IMPORT)), "ms", 150)
    yield Figure("diorama --help", median(lambda: whole_command(program, "--help")) * 1000, "ms", 300)
    with folder() as path:
        os.environ["DIORAMA_HOME"] = str(path / "home")
        run = [program, "run", "text_to_scene", "--out", str(path / "out"), "--set"]
        yield Figure("text_to_scene, cold", whole_command(*run, f"prompt={PROMPT}"), "s", 20)
        again = median(lambda: whole_command(*run, f"prompt={PROMPT}"))
        yield Figure("text_to_scene, again", again, "s", 0.5)
        colours = iter(["red", "blue", "green", "yellow", "white"])
        whole_command(*run, f"prompt={PROMPT} a purple car.")
        changed = median(lambda: whole_command(*run, f"prompt={PROMPT} a {next(colours)} car."))
        yield Figure("text_to_scene, one object's colour changed", changed, "s", 2)
