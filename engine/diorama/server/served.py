"""What handlers are given: the service that the app was made over."""

from __future__ import annotations

from typing import Annotated, Protocol

from fastapi import Depends
from starlette.requests import HTTPConnection

from diorama.library import Library


class Served(Protocol):
    """What the resources here ask of a service."""

    @property
    def library(self) -> Library:
        """The catalogue and the saved graphs."""


async def _service(connection: HTTPConnection) -> Served:
    service: Served = connection.app.state.service
    return service


TheService = Annotated[Served, Depends(_service)]
