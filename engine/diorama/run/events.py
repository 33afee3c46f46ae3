"""What a run tells while it goes: one tagged union, the same in the journal, for listeners and on the wire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import orjson

State = Literal["queued", "running", "paused", "succeeded", "failed", "cancelled", "interrupted"]


@dataclass(slots=True)
class RunStarted:
    """A run began: how many steps it will run and how many results it takes from the cache."""

    run: str
    seq: int
    at: float
    title: str
    to_run: int
    cached: int
    seconds: float
    """Seconds of work expected, all calls added up."""
    kind: Literal["run_started"] = "run_started"


@dataclass(slots=True)
class StepsCached:
    """Steps whose outputs were in the cache: for each its id, its key, and the run that made them."""

    run: str
    seq: int
    at: float
    steps: list[tuple[str, str, str]]
    kind: Literal["steps_cached"] = "steps_cached"


@dataclass(slots=True)
class CallStarted:
    """A call was handed to an executor. Light calls tell their end alone."""

    run: str
    seq: int
    at: float
    step: str
    item: int | None
    attempt: int
    seconds: float
    """Seconds expected."""
    kind: Literal["call_started"] = "call_started"


@dataclass(slots=True)
class CallFinished:
    """A call has outputs: made now, or found under its key (`cached`) once its inputs were known."""

    run: str
    seq: int
    at: float
    step: str
    item: int | None
    key: str
    cached: bool
    seconds: float
    kind: Literal["call_finished"] = "call_finished"


@dataclass(slots=True)
class CallFailed:
    """A call failed for good, or will be tried again (`retried`)."""

    run: str
    seq: int
    at: float
    step: str
    item: int | None
    code: str
    message: str
    retried: bool
    kind: Literal["call_failed"] = "call_failed"


@dataclass(slots=True)
class StepBlocked:
    """A step cannot run since one that it depends on failed."""

    run: str
    seq: int
    at: float
    step: str
    by: str
    kind: Literal["step_blocked"] = "step_blocked"


@dataclass(slots=True)
class ResultReady:
    """One of the asked-for results is there."""

    run: str
    seq: int
    at: float
    result: str
    kind: Literal["result_ready"] = "result_ready"


@dataclass(slots=True)
class RunEnded:
    """A run came to its end."""

    run: str
    seq: int
    at: float
    state: State
    seconds: float
    kind: Literal["run_ended"] = "run_ended"


@dataclass(slots=True)
class CallProgress:
    """How far a call is; told live and not kept."""

    run: str
    step: str
    item: int | None
    fraction: float
    message: str
    kind: Literal["call_progress"] = "call_progress"


@dataclass(slots=True)
class CallPreview:
    """An unfinished value of a call; told live and not kept. `digest` names its bytes in the store."""

    run: str
    step: str
    item: int | None
    digest: str
    media_type: str
    kind: Literal["call_preview"] = "call_preview"


@dataclass(slots=True)
class CallLog:
    """Lines that a call printed; told live and not kept."""

    run: str
    step: str
    item: int | None
    lines: list[str]
    kind: Literal["log"] = "log"


Kept = RunStarted | StepsCached | CallStarted | CallFinished | CallFailed | StepBlocked | ResultReady | RunEnded
Live = CallProgress | CallPreview | CallLog
Event = Kept | Live


def event_json(event: Event) -> bytes:
    """An event as it lies in the journal."""
    return orjson.dumps(event)
