"""The cache: how much it holds, collection of what was not used for long, verification."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field, JsonValue

from diorama.server.bodies import JsonBody
from diorama.server.chores import ChoreKind, Chores, ChoreState, ChoreView
from diorama.server.problems import FaultModel, outward, raises
from diorama.server.replies import reply
from diorama.server.security.decisions import ADMIN, READ
from diorama.server.served import TheService
from diorama.server.shown import Moment
from diorama.server.words import WHOLE, Id
from diorama.store import care

router = APIRouter(prefix="/cache", tags=["server"])


class CacheModel(BaseModel, title="Cache"):
    """What the store holds. Sizes in bytes."""

    calls: int = Field(examples=[1200])
    recipes: int = Field(examples=[1300])
    runs: int = Field(examples=[80])
    events: int = Field(examples=[9000])
    differences: int = Field(description="Calls that once gave another result for the same key.", examples=[0])
    blobs: int = Field(examples=[640])
    blob_bytes: int = Field(examples=[420_000_000])
    database_bytes: int = Field(examples=[3_000_000])
    quarantined: int = Field(examples=[0])
    free_bytes: int = Field(description="Room on the disk.", examples=[90_000_000_000])


class CollectRequest(BaseModel, extra="forbid"):
    """What is to stay; without either only what nothing refers to goes."""

    max_bytes: Annotated[int, Field(ge=0, le=2**53), WHOLE] | None = Field(default=None, examples=[20_000_000_000])
    older_than_seconds: Annotated[float, Field(ge=0, le=1e10)] | None = Field(default=None, examples=[2_592_000])


class ChoreModel(BaseModel, title="Chore"):
    """Work on the store that goes on in the background."""

    id: str = Field(examples=["8f14e45fceea167a"])
    kind: ChoreKind
    state: ChoreState = Field(examples=["running"])
    progress: float = Field(ge=0, le=1, examples=[0.4])
    started: Moment
    ended: Moment | None
    result: dict[str, JsonValue] | None = Field(examples=[{"blobs": 12, "bytes": 40_000_000}])
    fault: FaultModel | None


class ChoresModel(BaseModel, title="Chores"):
    """The chores that are remembered, the newest first."""

    items: list[ChoreModel]


def the_chores(request: Request) -> Chores:
    """The chores of the server."""
    chores: Chores = request.app.state.chores
    return chores


TheChores = Annotated[Chores, Depends(the_chores)]
BEGINS: dict[str, Any] = {
    "status_code": 202,
    "response_model": ChoreModel,
    "responses": raises(409),
    "dependencies": [ADMIN],
}


@router.get(
    "", summary="What the store holds", operation_id="get_cache", response_model=CacheModel, dependencies=[READ]
)
def get_cache(service: TheService) -> Response:
    """Count calls, blobs, runs and bytes."""
    return reply(CacheModel.model_validate(dataclasses.asdict(care.stats(service.store))))


@router.post("/collect", summary="Collect what is not used", operation_id="collect_cache", **BEGINS)
def collect_cache(
    service: TheService, chores: TheChores, asked: Annotated[CollectRequest, Depends(JsonBody(CollectRequest))]
) -> Response:
    """Remove what was used longest ago, in the background. Results of runs and uploads stay."""
    return _begun(
        chores.start(
            "collect",
            lambda progress: dataclasses.asdict(
                care.collect(service.store, asked.max_bytes, asked.older_than_seconds, progress)
            ),
        )
    )


@router.post("/verify", summary="Verify the store", operation_id="verify_cache", **BEGINS)
def verify_cache(service: TheService, chores: TheChores) -> Response:
    """Read everything against its digest, in the background; what is damaged is made anew when it is wanted."""
    return _begun(chores.start("verify", lambda progress: dataclasses.asdict(care.verify(service.store, progress))))


@router.get(
    "/chores", summary="List chores", operation_id="list_chores", response_model=ChoresModel, dependencies=[READ]
)
def list_chores(chores: TheChores) -> Response:
    """What is done or was done in the background since the server started."""
    return reply(ChoresModel(items=[chore_model(one) for one in chores.all()]))


@router.get(
    "/chores/{id}",
    summary="Get a chore",
    operation_id="get_chore",
    response_model=ChoreModel,
    responses=raises(404),
    dependencies=[READ],
)
def get_chore(chores: TheChores, id: Id) -> Response:  # noqa: A002
    """How far it is, and what came of it."""
    return reply(chore_model(chores.get(id)))


def chore_model(view: ChoreView) -> ChoreModel:
    """A chore as it is shown."""
    fault = None
    if view.fault is not None:
        told = outward(view.fault)
        fault = FaultModel(code=told.code, at=told.at, message=told.message)
    result = dict(view.result) if view.result is not None else None
    if result is not None and "damaged" in result:
        damaged = result["damaged"]
        assert isinstance(damaged, list | tuple)
        result["damaged"] = list(damaged)
    return ChoreModel(
        id=view.id,
        kind=view.kind,
        state=view.state,
        progress=view.progress,
        started=view.started,
        ended=view.ended,
        result=result,
        fault=fault,
    )


def _begun(view: ChoreView) -> Response:
    return reply(chore_model(view), 202, {"Location": f"/api/v1/cache/chores/{view.id}"})
