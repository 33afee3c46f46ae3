"""Batches: one graph, many values of its parameters."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response

from diorama.run.views import BatchView
from diorama.server.asked import AskedBatch
from diorama.server.paging import PAGE, Cursor, Limit
from diorama.server.problems import raises
from diorama.server.replies import reply
from diorama.server.routes.runs import IdempotencyKey
from diorama.server.security.callers import Caller
from diorama.server.security.decisions import READ, RUN
from diorama.server.served import TheService
from diorama.server.shown import BatchModel, BatchPage
from diorama.server.words import Id, Wanted

router = APIRouter(prefix="/batches", tags=["batches"])


@router.post(
    "",
    summary="Submit a batch",
    operation_id="submit_batch",
    status_code=201,
    response_model=BatchModel,
    responses={200: {"model": BatchModel, "description": "The key was seen: the earlier batch."}, **raises(404, 409)},
)
def submit_batch(
    service: TheService, caller: Annotated[Caller, RUN], asked: AskedBatch, idempotency_key: IdempotencyKey = None
) -> Response:
    """Queue a run for each combination of the axes' values, or for each row of them; all or none are kept."""
    submission = asked.submission(service, caller.id, idempotency_key)
    batch, is_new = service.submit_batch(submission, asked.axes, asked.mode)
    return _shown(batch, 201 if is_new else 200)


@router.get("", summary="List batches", operation_id="list_batches", response_model=BatchPage, dependencies=[READ])
def list_batches(service: TheService, client: Wanted = None, cursor: Cursor = None, limit: Limit = PAGE) -> Response:
    """Batches, the latest first."""
    page = service.batches(client, cursor, limit)
    return reply(BatchPage(items=[BatchModel.model_validate(one) for one in page.items], next=page.next))


@router.get(
    "/{id}",
    summary="Get a batch",
    operation_id="get_batch",
    response_model=BatchModel,
    responses=raises(404),
    dependencies=[READ],
)
def get_batch(service: TheService, id: Id) -> Response:  # noqa: A002
    """How many of its runs are in each state; `GET /runs?batch=ID` lists them."""
    return _shown(service.batch(id))


@router.post(
    "/{id}/cancel",
    summary="Cancel a batch",
    operation_id="cancel_batch",
    response_model=BatchModel,
    responses=raises(404),
    dependencies=[RUN],
)
def cancel_batch(service: TheService, id: Id) -> Response:  # noqa: A002
    """Cancel all runs of a batch that are not over."""
    return _shown(service.cancel_batch(id))


def _shown(batch: BatchView, status: int = 200) -> Response:
    return reply(BatchModel.model_validate(batch), status)
