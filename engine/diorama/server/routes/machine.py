"""What the server works with: models, and what it said last."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field, JsonValue

from diorama.models.found import ModelState
from diorama.models.views import model_views
from diorama.server.replies import json_list, reply
from diorama.server.security.decisions import ADMIN, READ
from diorama.server.served import TheService

router = APIRouter(tags=["server"])


class ModelModel(BaseModel, title="Model"):
    """Weights that a node loads: whether they are here, and how to get them where they are not."""

    name: str = Field(examples=["sdxl"])
    title: str = Field(examples=["Stable Diffusion XL base 1.0"])
    repository: str
    revision: str
    license: str
    gib: float = Field(description="Of what has to be downloaded.")
    state: ModelState
    path: str = Field(description="The folder in which they are looked for.")
    nodes: list[str] = Field(description="Ids of the nodes that load them.")
    missing: list[str] = Field(description="Files that are not there.")
    damaged: dict[str, str] = Field(description="Why a file cannot be used, by its name.")
    parameters: int = Field(description="How many numbers the weights are; 0 where they are not here.")
    how_to_get: str


class ModelsModel(BaseModel, title="Models"):
    """Every model that a node declares."""

    items: list[ModelModel]


class LogModel(BaseModel, title="ServerLog"):
    """Lines of the server's log, the oldest first."""

    items: list[dict[str, JsonValue]]
    next: None = None


@router.get(
    "/models", summary="List models", operation_id="list_models", response_model=ModelsModel, dependencies=[READ]
)
def list_models(service: TheService) -> Response:
    """The weights that nodes can load; new files are hashed on the way."""
    views = model_views(service.library.catalogue)
    return reply(ModelsModel(items=[ModelModel.model_validate(view.json()) for view in views]))


@router.get(
    "/log", summary="The end of the server's log", operation_id="get_log", response_model=LogModel, dependencies=[ADMIN]
)
def get_log(
    request: Request,
    lines: Annotated[int, Query(ge=1, le=2000)] = 200,
    run: Annotated[str | None, Query(max_length=200, description="Only lines of this run.")] = None,
) -> Response:
    """What the server said last, with the ids of runs and requests; secrets are hidden."""
    tail = request.app.state.tail
    found: list[bytes] = tail.lines(2000) if tail is not None else []
    if run is not None:
        found = [line for line in found if orjson.loads(line).get("run") == run]
    return json_list(found[-lines:], None)
