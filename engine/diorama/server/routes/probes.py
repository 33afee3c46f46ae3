"""Probes: whether the process is alive, and whether it can take work."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from diorama.server.replies import reply
from diorama.server.security.decisions import PUBLIC
from diorama.version import VERSION

router = APIRouter(tags=["probes"], dependencies=[PUBLIC])


class HealthModel(BaseModel, title="Health"):
    """A sign of life."""

    status: Literal["alive"] = Field(examples=["alive"])
    version: str = Field(examples=["0.1.0"])


@router.get("/health", summary="Whether the process is alive", operation_id="get_health", response_model=HealthModel)
async def get_health() -> Response:
    """A sign of life that touches nothing: it answers as long as the event loop turns."""
    return reply(HealthModel(status="alive", version=VERSION))
