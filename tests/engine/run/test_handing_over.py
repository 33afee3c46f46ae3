"""A call is handed to its executor first; what waits for the disk is written while it is made."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.tally import catalogue, row_of_slow

from diorama.execute.call import Call
from diorama.execute.inline import InlineExecutor
from diorama.execute.transport import Transport
from diorama.run.events import Event
from diorama.session import Session

pytestmark = pytest.mark.usefixtures("database")


class Noting(InlineExecutor):
    """Notes when a call comes to it."""

    def __init__(self, transport: Transport, notes: list[str]) -> None:
        super().__init__(transport)
        self.notes = notes

    def start(self, call: Call) -> None:
        self.notes.append(f"handed over {call.id}")
        super().start(call)


def test_what_a_call_before_gave_is_written_and_told_once_the_next_one_was_handed_over(tmp_path: Path) -> None:
    notes: list[str] = []

    def note(event: Event) -> None:
        notes.append(event.kind)

    def executor(transport: Transport) -> Noting:
        return Noting(transport, notes)

    with Session(tmp_path, catalogue=catalogue(), executor=executor) as session:
        assert session.run(row_of_slow(2), listener=note).state == "succeeded"
    first, second = notes.index("handed over 1"), notes.index("handed over 2")
    assert notes[first:second] == ["handed over 1", "call_started"]
    assert notes[second : second + 3] == ["handed over 2", "call_finished", "result_ready"]
