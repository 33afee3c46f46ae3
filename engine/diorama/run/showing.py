"""Rows as views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

import orjson
from pydantic import JsonValue

from diorama.faults import Fault
from diorama.run.events import RunQueued, State
from diorama.run.views import BatchView, RunView
from diorama.store.run_rows import BatchRow, NewRun, RunRow

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


def begun_view(new: NewRun, parameters: Mapping[str, JsonValue], queued: RunQueued) -> RunView:
    """A run that begins the moment it is accepted."""
    return RunView(
        id=new.id,
        state="running",
        title=new.title,
        client=new.client,
        project=new.project,
        batch=new.batch,
        saved=new.saved[0] if new.saved else None,
        saved_version=new.saved[1] if new.saved else None,
        priority=new.priority,
        attempt=1,
        created=queued.at,
        started=queued.at,
        ended=None,
        parameters=parameters,
        faults=(),
        progress=0.0,
        results=(),
        place_in_queue=None,
        seq=queued.seq,
    )


def batch_view(row: BatchRow) -> BatchView:
    """A batch as it is shown."""
    return BatchView(row.id, row.title, row.client, row.created, row.runs, row.states)
