"""A call that fails while the store takes nothing: its end is heard, and its claim goes as soon as that can be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.support.tally import catalogue, row_of_slow

from diorama.execute.call import Call, Failed, Outcome
from diorama.execute.inline import InlineExecutor
from diorama.execute.transport import Transport
from diorama.faults import DioramaError, failure
from diorama.session import Session
from diorama.store.claims import Claims


class FirstHeld(InlineExecutor):
    """Holds the first call until it is told to fail it; makes the others."""

    def __init__(self, transport: Transport) -> None:
        super().__init__(transport)
        self.held: Call | None = None
        self.failed: list[Outcome] = []

    def start(self, call: Call) -> None:
        if call.id == 1:
            self.held = call
        else:
            super().start(call)

    def wait(self, seconds: float | None) -> Sequence[Outcome]:
        failed, self.failed = self.failed, []
        return failed or super().wait(0.0)


def full(*_: object, **__: object) -> DioramaError:
    raise failure("R006", "the store", "the disk is full")


def test_a_run_that_ends_with_the_store_leaves_no_call_behind_that_the_next_run_waits_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session(tmp_path, catalogue=catalogue(), executor=FirstHeld) as session:
        executor = session.executor
        assert isinstance(executor, FirstHeld)
        first = session.begin(row_of_slow(1))
        with monkeypatch.context() as patch:
            patch.setattr(session.store, "write", full)
            session.scheduler.turn(0.0)
            assert first.is_unwritten
            assert executor.held is not None
            patch.setattr(session.store, "writing", full)
            executor.failed.append(Failed(executor.held.id, "R006", "the disk is full", is_final=True))
            session.scheduler.rest(0.0)
        again = session.begin(row_of_slow(1))
        for _ in range(100):
            session.scheduler.turn(0.0)
        assert again.state == "succeeded"
        assert Claims(session.store, "another").take(list(again.made)) != {}
