"""What is refused, and sentences that speak to the program rather than of a scene."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_WANTED = "a prompt that describes a scene is wanted"


def refusal(prompt: str) -> str | None:
    """The sentence with which a prompt is refused, without quoting it; None where nothing speaks against it."""
    found = {name for name, pattern in _patterns().items() if pattern.search(prompt)}
    if {"weapon", "recipe"} <= found:
        return f"the prompt asks how something that hurts people is made (unsafe: weapons); {_WANTED}"
    if {"minor", "sexual"} <= found:
        return f"the prompt sexualises minors (unsafe: minors); {_WANTED}"
    return None


def addressed(sentence: str) -> bool:
    """Whether a sentence gives orders to the program instead of describing a scene."""
    return _patterns()["order"].search(sentence) is not None


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """The pattern of each group of the table beside this module."""
    groups: dict[str, list[str]] = {}
    text = files("diorama_nodes.plan").joinpath("words", "safety.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, pattern = (part.strip() for part in line.partition(" | "))
            bare = pattern.removeprefix("~")
            groups.setdefault(name, []).append(f"(?:{bare})" if bare != pattern else rf"\b(?:{bare})\b")
    return {name: re.compile("|".join(parts), re.IGNORECASE) for name, parts in groups.items()}
