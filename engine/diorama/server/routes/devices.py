"""Devices: what calls run on, its memory, who uses it, which models lie on it."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from diorama.server.devices import device_views
from diorama.server.replies import reply
from diorama.server.security.decisions import READ
from diorama.server.served import TheService

router = APIRouter(prefix="/devices", tags=["server"], dependencies=[READ])


class LeaseModel(BaseModel, title="Lease"):
    """The call that uses a device."""

    model_config = ConfigDict(from_attributes=True)

    call: int
    node: str = Field(examples=["diorama/sdxl_image"])
    token: int = Field(description="Grows with every lease: a late owner is known by an old one.")
    budget_bytes: int = Field(description="Memory that it may take with its models; 0 where nothing bounds it.")
    since: float = Field(description="Seconds since it began.")


class DeviceModel(BaseModel, title="Device"):
    """A device as it stands; what its driver does not tell is null."""

    model_config = ConfigDict(from_attributes=True)

    name: str = Field(examples=["cpu"])
    title: str = Field(examples=["CPU"])
    is_gpu: bool = Field(examples=[False])
    total_bytes: int | None
    used_bytes: int | None
    free_bytes: int | None
    utilisation: float | None = Field(description="Share of the time in which it computed, from 0 to 1.")
    celsius: float | None
    level: Literal["green", "yellow", "red"] | None = Field(description="Yellow from 70 % in use, red above 85.")
    warning: str = Field(examples=["VRAM usage high. Close other GPU applications."])
    resident: dict[str, int] = Field(description="Models on it, with the bytes of each.")
    lease: LeaseModel | None
    loads: int = Field(description="Models loaded since the server started.")
    evictions: int
    swaps: int = Field(description="How often a model had to go for another.")


class DevicesModel(BaseModel, title="Devices"):
    """Every device of this server."""

    items: list[DeviceModel]


@router.get("", summary="List devices", operation_id="list_devices", response_model=DevicesModel)
def list_devices(service: TheService) -> Response:
    """The GPUs, or the CPU where there is none, read anew."""
    return reply(DevicesModel(items=[DeviceModel.model_validate(view) for view in device_views(service)]))
