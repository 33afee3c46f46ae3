"""The queue as a whole."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from diorama.run.views import QueueView
from diorama.server.bodies import JsonBody
from diorama.server.paging import PAGE, Limit
from diorama.server.replies import reply
from diorama.server.security.decisions import ADMIN, READ
from diorama.server.served import TheService
from diorama.server.shown import QueueModel, RunModel
from diorama.server.words import WHOLE

router = APIRouter(prefix="/queue", tags=["queue"])


Count = Annotated[int, Field(ge=1, le=1000), WHOLE]


class QueueRequest(BaseModel, extra="forbid"):
    """How the queue is to go; what is left out stays as it is."""

    paused: bool | None = Field(default=None, description="True begins no more runs.", examples=[True])
    max_running: Count | None = Field(default=None, description="Runs under way on each server.")
    max_running_per_client: Count | None = Field(
        default=None, description="Runs of one client under way on all servers; null for no bound."
    )


class WaitingModel(BaseModel, title="Waiting"):
    """Runs that wait."""

    items: list[RunModel]


@router.get("", summary="Get the queue", operation_id="get_queue", response_model=QueueModel, dependencies=[READ])
def get_queue(service: TheService) -> Response:
    """How many runs are in each state, what is under way, and the limits."""
    return _shown(service.queue())


@router.get(
    "/runs", summary="List what waits", operation_id="list_waiting", response_model=WaitingModel, dependencies=[READ]
)
def list_waiting(service: TheService, limit: Limit = PAGE) -> Response:
    """The queued runs that go first, in their order: by priority, then by place; clients take turns besides."""
    return reply(WaitingModel(items=[RunModel.model_validate(run) for run in service.waiting(limit)]))


@router.patch(
    "", summary="Change the queue", operation_id="change_queue", response_model=QueueModel, dependencies=[ADMIN]
)
def change_queue(service: TheService, asked: Annotated[QueueRequest, Depends(JsonBody(QueueRequest))]) -> Response:
    """Pause or resume the queue, or set its limits, for all servers of the store."""
    service.set_settings(asked.model_dump(exclude_unset=True))
    return _shown(service.queue())


@router.delete(
    "", summary="Clear the queue", operation_id="clear_queue", response_model=QueueModel, dependencies=[ADMIN]
)
def clear_queue(service: TheService) -> Response:
    """Cancel every run that waits; those under way go on."""
    service.clear_queue()
    return _shown(service.queue())


def _shown(queue: QueueView) -> Response:
    return reply(QueueModel.model_validate(queue))
