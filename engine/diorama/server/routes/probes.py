"""Probes: whether the process is alive, and whether it can take work."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Final, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from diorama.faults import DioramaError, Fault
from diorama.run.service import Service
from diorama.server.problems import Refusal, outward, raises
from diorama.server.replies import reply
from diorama.server.security.decisions import PUBLIC
from diorama.server.served import TheService
from diorama.version import VERSION

router = APIRouter(tags=["probes"], dependencies=[PUBLIC])

LEAST_FREE_BYTES: Final = 64 * 2**20
"""With less room on the disk no new work is taken."""
TURN_SECONDS: Final = 1.0
"""How long the engine's thread may take to answer."""


class HealthModel(BaseModel, title="Health"):
    """A sign of life."""

    status: Literal["alive"] = Field(examples=["alive"])
    version: str = Field(examples=["0.1.0"])


@router.get("/health", summary="Whether the process is alive", operation_id="get_health", response_model=HealthModel)
async def get_health() -> Response:
    """A sign of life that touches nothing: it answers as long as the event loop turns."""
    return reply(HealthModel(status="alive", version=VERSION))


class ReadyModel(BaseModel, title="Ready"):
    """What was looked at and found in order."""

    status: Literal["ready"] = Field(examples=["ready"])
    checked: list[str] = Field(examples=[["database", "disk", "engine"]])


@router.get(
    "/ready",
    summary="Whether the server can take work",
    operation_id="get_ready",
    response_model=ReadyModel,
    responses=raises(503),
)
def get_ready(service: TheService) -> Response:
    """Looks at the database, the room on the disk, and the thread that runs graphs; 503 says what is not in order."""
    faults = [fault for fault in _faults_of(service) if fault is not None]
    if faults:
        raise Refusal(*faults)
    return reply(ReadyModel(status="ready", checked=["database", "disk", "engine"]))


def _faults_of(service: Service) -> Iterator[Fault | None]:
    yield _fault_of_database(service)
    free = shutil.disk_usage(service.store.root).free
    yield Fault("H008", "disk", f"{free:,} bytes are free on the disk") if free < LEAST_FREE_BYTES else None
    turns = service.engine.settle(TURN_SECONDS)
    yield None if turns else Fault("H008", "engine", f"the engine did not answer within {TURN_SECONDS:g} s")


def _fault_of_database(service: Service) -> Fault | None:
    try:
        service.kept_settings.get("paused")
    except DioramaError as error:
        return Fault("H008", "database", outward(error.faults[0]).message)
    return None
