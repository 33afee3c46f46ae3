"""Rows as views."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import orjson

from diorama.faults import Fault
from diorama.run.events import State
from diorama.run.views import BatchView, RunView
from diorama.store.run_rows import BatchRow, RunRow

STATES: tuple[State, ...] = get_args(State)


def run_view(row: RunRow, seq: int, results: Sequence[str], progress: float | None, place: int | None) -> RunView:
    """A run as it is shown."""
    return RunView(
        id=row.id,
        state=STATES[STATES.index(row.state)],
        title=row.title,
        client=row.client,
        project=row.project,
        batch=row.batch,
        saved=row.saved,
        saved_version=row.saved_version,
        priority=row.priority,
        attempt=row.attempt,
        created=row.created,
        started=row.started,
        ended=row.ended,
        parameters=orjson.loads(row.parameters),
        faults=[Fault(one["code"], one["at"], one["message"]) for one in orjson.loads(row.faults)],
        progress=progress,
        results=results,
        place_in_queue=place,
        seq=seq,
    )


def batch_view(row: BatchRow) -> BatchView:
    """A batch as it is shown."""
    return BatchView(row.id, row.title, row.client, row.created, row.runs, row.states)
