"""Settings of the store's servers, and the limits that a server was started with."""

from __future__ import annotations

import dataclasses
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field, JsonValue, RootModel

from diorama.limits import Limits, limits
from diorama.run.options import SETTINGS, defaults_of
from diorama.run.service import Service
from diorama.server.bodies import JsonBody
from diorama.server.replies import reply
from diorama.server.security.decisions import ADMIN
from diorama.server.served import TheService

router = APIRouter(prefix="/settings", tags=["server"], dependencies=[ADMIN])


class SettingModel(BaseModel, title="Setting"):
    """A setting: what holds, and what it takes to change it."""

    name: str = Field(examples=["max_running"])
    value: JsonValue = Field(examples=[8])
    default: JsonValue = Field(examples=[8])
    help: str = Field(examples=["runs that each server has under way at once"])
    wanted: str = Field(description="What it takes, in words.", examples=["a whole number above zero"])
    needs_restart: bool = Field(
        description="Whether it is a variable of the environment that is read at start.", examples=[False]
    )


class SettingsModel(BaseModel, title="Settings"):
    """Every setting."""

    items: list[SettingModel]


class SettingsRequest(RootModel[dict[str, JsonValue]]):
    """Values by name; null gives a setting its default again."""

    model_config = {"json_schema_extra": {"examples": [{"max_running": 4, "recovery": "resume"}]}}


@router.get("", summary="Get the settings", operation_id="get_settings", response_model=SettingsModel)
def get_settings(service: TheService) -> Response:
    """What can be changed while servers run, and the limits, which are set by the environment."""
    return _shown(service)


@router.patch("", summary="Change settings", operation_id="change_settings", response_model=SettingsModel)
def change_settings(
    service: TheService, request: Request, asked: Annotated[SettingsRequest, Depends(JsonBody(SettingsRequest))]
) -> Response:
    """Set some, all or none, for all servers of the store; they take hold at once."""
    service.set_settings(asked.root)
    request.app.guards.admission.forget()
    return _shown(service)


def _shown(service: Service) -> Response:
    values = dataclasses.asdict(service.settings())
    defaults = defaults_of(service.options)
    items = [
        SettingModel(
            name=name,
            value=values[name],
            default=defaults[name],
            help=setting.help,
            wanted=setting.wanted,
            needs_restart=False,
        )
        for name, setting in SETTINGS.items()
    ]
    given, usual = dataclasses.asdict(limits()), dataclasses.asdict(Limits())
    items += [
        SettingModel(
            name=f"DIORAMA_{name.upper()}",
            value=value,
            default=usual[name],
            help="a limit on what comes from outside; docs/limits.md tells of each",
            wanted="a whole number above zero",
            needs_restart=True,
        )
        for name, value in given.items()
    ]
    return reply(SettingsModel(items=items))
