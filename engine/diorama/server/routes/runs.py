"""Runs: submit, look at, steer, fetch what they made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Self

from fastapi import APIRouter, Depends, Header, Query, Response
from pydantic import BaseModel, Field, model_validator

from diorama.run.events import State
from diorama.run.views import RunFilter, RunView
from diorama.server.asked import AskedRun
from diorama.server.bodies import JsonBody
from diorama.server.paging import PAGE, Cursor, Limit
from diorama.server.problems import raises
from diorama.server.quick import quick
from diorama.server.replies import JSON, json_list
from diorama.server.security.callers import Caller
from diorama.server.security.decisions import READ, RUN, WRITE
from diorama.server.served import TheService
from diorama.server.shown import RunModel, RunPage, run_json
from diorama.server.words import NO_NUL, Id, Priority, Wanted

router = APIRouter(prefix="/runs", tags=["runs"])

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=NO_NUL,
        description="The same key of the same client is one submission, however often it is sent.",
    ),
]


class MoveRequest(BaseModel, extra="forbid"):
    """Where a queued run is to stand."""

    priority: Priority | None = Field(default=None, examples=[10])
    before: str | None = Field(default=None, max_length=200, description="Id of the run that comes right after it.")
    after: str | None = Field(default=None, max_length=200, description="Id of the run that goes right before it.")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.priority is None and self.before is None and self.after is None:
            raise ValueError("`priority`, `before` or `after` is wanted")
        if self.before is not None and self.after is not None:
            raise ValueError("either `before` or `after` is wanted")
        return self


LEADS_TO: Final = ("get_run", "get_run_results", "get_run_events", "get_run_graph", "cancel_run", "delete_run")
"""Operations that take the id of a run that was submitted."""


def link_to(operation: str) -> dict[str, Any]:
    """What the OpenAPI document says of where an answer's id leads."""
    return {"operationId": operation, "parameters": {"id": "$response.body#/id"}}


AskedMove = Annotated[MoveRequest, Depends(JsonBody(MoveRequest))]
STEERS: Final[dict[str, Any]] = {"responses": raises(404, 409), "dependencies": [RUN]}
"""What routes have in common that change how a run goes."""


@router.post(
    "",
    summary="Submit a run",
    operation_id="submit_run",
    status_code=201,
    response_model=RunModel,
    responses={
        200: {"model": RunModel, "description": "The key was seen: the earlier run."},
        201: {"links": {name: link_to(name) for name in LEADS_TO}},
        **raises(404, 409),
    },
)
def submit_run(
    service: TheService, caller: Annotated[Caller, RUN], asked: AskedRun, idempotency_key: IdempotencyKey = None
) -> Response:
    """Check a graph and queue it. Once this is answered, the run is kept whatever happens."""
    run, is_new = service.submit(asked.submission(service, caller.id, idempotency_key))
    return shown(run, 201 if is_new else 200, {"Location": f"/api/v1/runs/{run.id}"})


@router.get("", summary="List runs", operation_id="list_runs", response_model=RunPage, dependencies=[READ])
@quick
def list_runs(
    service: TheService,
    state: Annotated[State | None, Query(description="Only those in this state.")] = None,
    project: Wanted = None,
    batch: Wanted = None,
    saved: Wanted = None,
    client: Wanted = None,
    title: Wanted = None,
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Response:
    """Runs, the latest first."""
    page = service.runs(RunFilter(state, project, batch, saved, client, title), cursor, limit)
    return json_list([run_json(run) for run in page.items], page.next)


@router.get(
    "/{id}",
    summary="Get a run",
    operation_id="get_run",
    response_model=RunModel,
    responses=raises(404),
    dependencies=[READ],
)
@quick
def get_run(service: TheService, id: Id) -> Response:  # noqa: A002
    """A run as it stands."""
    return shown(service.run(id))


@router.patch("/{id}", summary="Move a queued run", operation_id="move_run", response_model=RunModel, **STEERS)
def move_run(service: TheService, id: Id, asked: AskedMove) -> Response:  # noqa: A002
    """Give a queued run another priority, or a place before or after another of its client's."""
    return shown(service.move(id, priority=asked.priority, before=asked.before, after=asked.after))


@router.delete(
    "/{id}",
    summary="Delete a run",
    operation_id="delete_run",
    status_code=204,
    responses=raises(404, 409),
    dependencies=[WRITE],
)
def delete_run(service: TheService, id: Id) -> Response:  # noqa: A002
    """Take a run that is over off the record, with its events and results. What it made stays in the cache."""
    service.delete(id)
    return Response(status_code=204)


@router.post("/{id}/cancel", summary="Cancel a run", operation_id="cancel_run", response_model=RunModel, **STEERS)
def cancel_run(service: TheService, id: Id) -> Response:  # noqa: A002
    """Cancel a run that waits or is under way: calls under way are asked to stop, then made to."""
    return shown(service.cancel(id))


@router.post("/{id}/pause", summary="Pause a run", operation_id="pause_run", response_model=RunModel, **STEERS)
def pause_run(service: TheService, id: Id) -> Response:  # noqa: A002
    """Begin no more calls of a run; those under way are finished and kept."""
    return shown(service.pause(id))


@router.post("/{id}/resume", summary="Resume a run", operation_id="resume_run", response_model=RunModel, **STEERS)
def resume_run(service: TheService, id: Id) -> Response:  # noqa: A002
    """Queue a paused or interrupted run again. What was finished is not made again."""
    return shown(service.resume(id))


@router.post("/{id}/retry", summary="Retry a run", operation_id="retry_run", response_model=RunModel, **STEERS)
def retry_run(service: TheService, id: Id) -> Response:  # noqa: A002
    """Queue a run again that failed, was cancelled or interrupted. What was finished is not made again."""
    return shown(service.retry(id))


@router.post(
    "/{id}/discard",
    summary="Discard a run",
    operation_id="discard_run",
    status_code=204,
    responses=raises(404, 409),
    dependencies=[RUN],
)
def discard_run(service: TheService, id: Id) -> Response:  # noqa: A002
    """Give up an interrupted run and delete it."""
    service.discard(id)
    return Response(status_code=204)


@router.post("/{id}/fail", summary="Save a run as failed", operation_id="fail_run", response_model=RunModel, **STEERS)
def fail_run(service: TheService, id: Id) -> Response:  # noqa: A002
    """Give up an interrupted run and keep it on record as failed."""
    return shown(service.save_as_failed(id))


def shown(run: RunView, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A run as a reply."""
    return Response(run_json(run), status, headers, JSON)
