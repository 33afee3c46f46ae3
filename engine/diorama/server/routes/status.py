"""How the server fares, in one look: for programs that ask at the root."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from diorama.lease.view import DeviceView
from diorama.run.service import Service
from diorama.server.devices import device_views
from diorama.server.doors.stages import standing
from diorama.server.replies import reply
from diorama.server.security.decisions import READ
from diorama.server.served import TheService
from diorama.version import VERSION

router = APIRouter(tags=["doors"], dependencies=[READ])


class DeviceHealth(BaseModel, title="DeviceHealth"):
    """A device, in short."""

    name: str = Field(examples=["cpu"])
    title: str = Field(examples=["CPU"])
    is_gpu: bool = Field(examples=[False])
    memory_total: int | None = Field(description="Bytes.")
    memory_used: int | None
    warning: str
    models: list[str] = Field(description="Models that lie on it.")


class HealthSummary(BaseModel, title="HealthSummary"):
    """Whether the server is alive, and what it works with."""

    status: Literal["alive"] = Field(examples=["alive"])
    version: str = Field(examples=["0.1.0"])
    gpu: bool = Field(description="Whether there is a GPU.", examples=[False])
    model_loaded: bool = Field(description="Whether a model lies on a device.", examples=[False])
    devices: list[DeviceHealth]


class OperationModel(BaseModel, title="Operation"):
    """A run under way."""

    run: str
    title: str
    progress: float
    operation: str | None = Field(description="The nodes that are being called.")


class StatusSummary(BaseModel, title="StatusSummary"):
    """What is being done."""

    status: Literal["idle", "busy", "paused"] = Field(examples=["idle"])
    operations: list[OperationModel]
    queued: int = Field(examples=[0])
    vram_used: int | None = Field(description="Bytes on all GPUs; null where there is none.", examples=[None])
    vram_total: int | None = Field(examples=[None])
    devices: list[DeviceHealth]


@router.get("/health", summary="Health, with devices", operation_id="get_summary", response_model=HealthSummary)
def get_health(service: TheService) -> Response:
    """That it is alive, whether there is a GPU, and whether a model is loaded."""
    devices = [_device(view) for view in device_views(service)]
    return reply(
        HealthSummary(
            status="alive",
            version=VERSION,
            gpu=any(one.is_gpu for one in devices),
            model_loaded=any(one.models for one in devices),
            devices=devices,
        )
    )


@router.get("/status", summary="What is being done", operation_id="get_status", response_model=StatusSummary)
def get_status(service: TheService) -> Response:
    """The runs under way with what they are at, the queue, and the memory of the GPUs."""
    queue = service.queue()
    devices = [_device(view) for view in device_views(service)]
    gpus = [one for one in devices if one.is_gpu]
    return reply(
        StatusSummary(
            status="busy" if queue.running else "paused" if queue.paused else "idle",
            operations=[_operation(service, run) for run in queue.running],
            queued=queue.states.get("queued", 0),
            vram_used=sum(one.memory_used or 0 for one in gpus) if gpus else None,
            vram_total=sum(one.memory_total or 0 for one in gpus) if gpus else None,
            devices=devices,
        )
    )


def _operation(service: Service, run: str) -> OperationModel:
    stands = standing(service, run)
    return OperationModel(run=run, title=stands.view.title, progress=stands.progress, operation=stands.operation)


def _device(view: DeviceView) -> DeviceHealth:
    return DeviceHealth(
        name=view.name,
        title=view.title,
        is_gpu=view.is_gpu,
        memory_total=view.total_bytes,
        memory_used=view.used_bytes,
        warning=view.warning,
        models=sorted(view.resident),
    )
