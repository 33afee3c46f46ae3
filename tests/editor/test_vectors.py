"""The editor's tests are held to what the engine answers today."""

from __future__ import annotations

from tests.editor.vectors import FOLDER, vectors


def test_the_vectors_of_the_editor_are_what_the_engine_answers() -> None:
    kept = {path.name: path.read_text() for path in FOLDER.glob("*.json")}
    assert kept == vectors(), "write them anew with `python -m tests.editor.vectors`"
