"""docs/api.md: what it shows is what a server answers."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

from tests.support.served import Serving

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
PLACE = "http://127.0.0.1:8321"
MARK = "--- example %d"
SECONDS = 120.0


class Example(NamedTuple):
    command: str
    shown: str


def examples() -> list[Example]:
    found: list[Example] = []
    for line in PAGE.read_text().splitlines():
        text = line.strip()
        if line.startswith("    ") and text.startswith("$ "):
            found.append(Example(text[2:], ""))
        elif line.startswith("    ") and found and text:
            found[-1] = Example(found[-1].command, (found[-1].shown + "\n" + text).strip())
        else:
            # What stands apart from a command is no output of it.
            found.append(Example("", ""))
    return [one for one in found if one.command]


def pattern_of(shown: str) -> re.Pattern[str]:
    """The shown output, in which three dots stand for anything."""
    return re.compile(".*".join(re.escape(part) for part in shown.split("...")), re.DOTALL)


def test_every_example_answers_as_it_is_shown(real: Serving, tmp_path: Path) -> None:
    shown = examples()
    lines = ["set -uo pipefail"]
    for number, example in enumerate(shown):
        lines += [f"echo '{MARK % number}'", example.command.replace(PLACE, real.address)]
    done = subprocess.run(
        ["bash", "-c", "\n".join(lines)], cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    told = re.split(r"--- example \d+\n", done.stdout)[1:]
    assert len(told) == len(shown), done.stderr
    for example, answer in zip(shown, told, strict=True):
        assert pattern_of(example.shown).fullmatch(answer.strip()), f"{example.command}\n{answer[:2000]}"
    assert done.stderr == ""


def test_every_resource_has_an_example(real: Serving) -> None:
    paths = real.client.get("/api/v1/openapi.json").json()["paths"]
    resources = {path.split("/")[3] for path in paths if path.startswith("/api/v1/")} - {"tickets", "log"}
    asked = {found for one in examples() for found in re.findall(r"\$API/([a-z]+)", one.command)}
    assert resources - asked == set()
    assert len(examples()) > 40
