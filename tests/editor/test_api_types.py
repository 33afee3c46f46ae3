"""The editor reads what the server sends today."""

from __future__ import annotations

from tests.editor.api_types import FILE, generated


def test_the_schemas_of_the_editor_are_those_of_the_server() -> None:
    assert FILE.read_text() == generated(), "write them anew with `python -m tests.editor.api_types`"
