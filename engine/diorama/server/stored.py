"""What handlers of artefacts are given besides the service: uploads, thumbnails, and who opens files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from diorama.run.service import Service
from diorama.server.content import Verifier
from diorama.server.inspection.inspector import Inspector
from diorama.server.thumbnails import Thumbnails
from diorama.server.uploads import Uploads


@dataclass(frozen=True, slots=True)
class Stored:
    """The files of a store, as the API hands them in and out."""

    inspector: Inspector
    uploads: Uploads
    verifier: Verifier
    thumbnails: Thumbnails

    @classmethod
    def of(cls, service: Service) -> Stored:
        """Those of a service's store."""
        blobs, inspector = service.store.blobs, Inspector()
        return cls(inspector, Uploads(blobs, inspector, service.wall), Verifier(blobs), Thumbnails(blobs, inspector))

    def close(self) -> None:
        """Let the process go that opens files."""
        self.inspector.close()


async def _stored(connection: HTTPConnection) -> Stored:
    stored: Stored = connection.app.state.stored
    return stored


TheStored = Annotated[Stored, Depends(_stored)]
