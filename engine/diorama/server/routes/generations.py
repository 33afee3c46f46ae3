"""Generations: a job is begun, asked about, and its results are fetched."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field, JsonValue, SkipValidation

from diorama.server.bodies import JsonBody
from diorama.server.doors.door import DOORS, Asked, Kind, submit
from diorama.server.doors.shown import GenerationModel, OutcomeModel, generation_model, outcome_model
from diorama.server.doors.stages import standing
from diorama.server.doors.viewer import viewer_page
from diorama.server.problems import raises
from diorama.server.replies import reply
from diorama.server.routes.runs import IdempotencyKey
from diorama.server.security.callers import Caller
from diorama.server.security.decisions import READ, RUN
from diorama.server.security.headers import PAGE_POLICY
from diorama.server.served import TheService
from diorama.server.words import Id, Line, Prose

router = APIRouter(tags=["doors"])


class GenerationRequest(BaseModel, extra="forbid"):
    """What is to be made."""

    prompt: Prose = Field(min_length=1, examples=["a lighthouse at dawn, gulls, a waltz in D"])
    kind: Kind = Field(
        default="scene",
        description="scene: lit, animated and scored. image: a picture. full: a picture, then a mesh of it. "
        "mesh: a mesh of the picture that the parameter `image` names by its digest; `prompt` is then a title.",
    )
    parameters: dict[str, SkipValidation[JsonValue]] = Field(
        default_factory=dict, description="Further parameters of the graph, such as `seed`.", examples=[{"seed": 7}]
    )
    graph: Line | None = Field(
        default=None, description="A saved graph to take instead of the usual one.", examples=[None]
    )


@router.post(
    "/v1/generations",
    summary="Begin a generation",
    operation_id="create_generation",
    status_code=202,
    response_model=GenerationModel,
    responses={
        200: {"model": GenerationModel, "description": "The key was seen: the earlier one."},
        **raises(404, 409),
    },
)
def create_generation(
    service: TheService,
    caller: Annotated[Caller, RUN],
    asked: Annotated[GenerationRequest, Depends(JsonBody(GenerationRequest))],
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Queue a run of the graph that makes what is asked for. Its planner and painters are rules unless `graph` says."""
    named = {} if asked.kind == "mesh" else {"prompt": asked.prompt}
    values: dict[str, JsonValue] = {**named, **asked.parameters}
    given = Asked(DOORS[asked.kind], values, asked.graph, caller.id, idempotency_key)
    view, is_new = submit(service, given)
    headers = {"Location": f"/v1/generations/{view.id}/status"}
    return reply(generation_model(standing(service, view.id)), 202 if is_new else 200, headers)


@router.get(
    "/v1/generations/{id}/status",
    summary="How a generation stands",
    operation_id="get_generation_status",
    response_model=GenerationModel,
    responses=raises(404),
    dependencies=[READ],
)
def get_generation_status(service: TheService, id: Id) -> Response:  # noqa: A002
    """Queued, running or done, with the stages on the way."""
    return reply(generation_model(standing(service, id)), headers={"Cache-Control": "no-store"})


@router.get(
    "/v1/generations/{id}/result",
    summary="What came of a generation",
    operation_id="get_generation_result",
    response_model=OutcomeModel,
    responses=raises(404, 409),
    dependencies=[READ],
)
def get_generation_result(service: TheService, id: Id) -> Response:  # noqa: A002
    """A page that shows it, and every file; 409 until it is done."""
    return reply(outcome_model(service, id))


@router.get(
    "/view/{id}",
    summary="A page with the results of a run",
    operation_id="view_run",
    response_class=Response,
    responses={200: {"content": {"text/html": {"schema": {"type": "string"}}}}, **raises(404, 409)},
    dependencies=[READ],
)
def view_run(service: TheService, id: Id) -> Response:  # noqa: A002
    """Pictures, sounds and files, without a script."""
    page = viewer_page(service.run(id).title, outcome_model(service, id))
    return Response(page, media_type="text/html", headers={"Content-Security-Policy": PAGE_POLICY})
