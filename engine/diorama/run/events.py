"""What a run tells while it goes: one tagged union, the same in the journal, for listeners and on the wire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import orjson
from pydantic import JsonValue

from diorama.json_text import fitted

State = Literal["queued", "running", "paused", "succeeded", "failed", "cancelled", "interrupted"]


@dataclass(slots=True)
class RunQueued:
    """A run was accepted and waits for its turn."""

    run: str
    seq: int
    at: float
    title: str
    client: str
    priority: int
    batch: str | None
    kind: Literal["run_queued"] = "run_queued"


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
class RunPaused:
    """A run makes no more calls until it is resumed; those under way were finished and kept."""

    run: str
    seq: int
    at: float
    kind: Literal["run_paused"] = "run_paused"


@dataclass(slots=True)
class RunResumed:
    """A run waits for its turn again: it was paused, or it had ended and is tried once more."""

    run: str
    seq: int
    at: float
    kind: Literal["run_resumed"] = "run_resumed"


@dataclass(slots=True)
class RunEnded:
    """A run came to its end. Where each result is one JSON value, and all are short, `values` has them by name."""

    run: str
    seq: int
    at: float
    state: State
    seconds: float
    values: dict[str, JsonValue] | None = None
    """None where the results are to be asked for."""
    kind: Literal["run_ended"] = "run_ended"


@dataclass(slots=True)
class CallProgress:
    """How far a call is; told live and not kept."""

    run: str
    step: str
    item: int | None
    fraction: float
    message: str
    seconds_left: float | None
    """Seconds until its end, as far as can be told."""
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
class Log:
    """A text for the log: what a call printed, the traceback of one that failed, or what the server itself says."""

    run: str | None
    at: float
    level: Literal["info", "warning", "error"]
    step: str
    item: int | None
    text: str
    kind: Literal["log"] = "log"


@dataclass(slots=True)
class QueueChanged:
    """How the queue stands: its runs by state, and those that this server has under way."""

    at: float
    paused: bool
    states: dict[str, int]
    running: list[str]
    max_running: int
    max_running_per_client: int | None
    kind: Literal["queue_changed"] = "queue_changed"


@dataclass(slots=True)
class DeviceSnapshot:
    """A device at a moment; what its driver does not tell is None."""

    at: float
    device: str
    name: str
    total_bytes: int | None
    used_bytes: int | None
    free_bytes: int | None
    utilisation: float | None
    """Share of the time that it was busy, from 0 to 1."""
    temperature: float | None
    """Degrees Celsius."""
    level: Literal["green", "yellow", "red"] | None
    """The colour of the memory bar: yellow from 70 % in use, red above 85."""
    kind: Literal["device_snapshot"] = "device_snapshot"


@dataclass(slots=True)
class Warned:
    """Something that a user should know and that stops nothing."""

    at: float
    about: str
    message: str
    kind: Literal["warning"] = "warning"


Kept = (
    RunQueued
    | RunStarted
    | StepsCached
    | CallStarted
    | CallFinished
    | CallFailed
    | StepBlocked
    | ResultReady
    | RunPaused
    | RunResumed
    | RunEnded
)
"""What a run tells and its journal keeps, numbered."""
Live = CallProgress | CallPreview | Log | QueueChanged | DeviceSnapshot | Warned
"""What is told to those who listen at that moment."""
Event = Kept | Live


def event_json(event: Event) -> bytes:
    """An event as it lies in the journal."""
    return fitted(orjson.dumps(event))
