"""Reasons come from the server in English and are said in the user's language by how they read: both must agree."""

from __future__ import annotations

import inspect
import re

from diorama import explain, hindsight
from tests.support.child import ROOT

REASONS = ROOT / "editor" / "src" / "words" / "reasons.ts"


def known_sentences() -> list[str]:
    """The sentences that the editor knows, what stands in them as `…`."""
    patterns = re.findall(r"\[/\^(.+?)\$/u?, ", REASONS.read_text())
    return [re.sub(r"\(.*?\)", "…", pattern) for pattern in patterns]


def test_every_reason_that_the_editor_knows_is_one_that_the_server_gives() -> None:
    given = inspect.getsource(explain) + inspect.getsource(hindsight)
    sentences = known_sentences()
    assert len(sentences) >= 10
    for sentence in sentences:
        for part in sentence.split("…"):
            assert part in given, f"no reason says {part!r} any more: it stands in {REASONS.name} and in no source"
