"""Links to a scene, made and taken back by those who may write."""

from __future__ import annotations

from typing import Annotated, Self

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from diorama.keys import Digest, written
from diorama.run.service import Service
from diorama.server.bodies import JsonBody
from diorama.server.paging import PAGE, Cursor, Limit, Paged
from diorama.server.problems import raises, refused
from diorama.server.replies import reply
from diorama.server.routes.artefacts import content_of, read_digest
from diorama.server.security.callers import Caller
from diorama.server.security.decisions import WRITE
from diorama.server.served import TheService
from diorama.server.shown import Moment
from diorama.server.words import NO_NUL, WHOLE, Id
from diorama.store.shares import Share

router = APIRouter(prefix="/shares", tags=["artefacts"], dependencies=[WRITE])

MODEL = "model/gltf-binary"
LONGEST = 366 * 24 * 3600
"""Seconds that a link holds at most: a year."""

Named = Annotated[str, Field(pattern=r"^(blake3:)?[0-9a-f]{64}$")]


class ShareModel(BaseModel, title="Share"):
    """A link by which whoever has it sees a scene, and nothing else."""

    id: str = Field(examples=["8f14e45fceea167a"])
    title: str = Field(examples=["Misty alley"])
    scene: str = Field(examples=["blake3:" + "0" * 64])
    sounds: list[str]
    created: Moment
    expires: Moment
    revoked: Moment | None = Field(description="When it was taken back; null where it was not.")
    holds: bool = Field(description="Whether it still leads to the scene.")
    path: str = Field(description="The link, below the address of the server.", examples=["/s/8f14e45fceea167a.0.x"])

    @classmethod
    def of(cls, share: Share, now: float) -> Self:
        """A link as it is shown to those who may make some."""
        return cls(
            id=share.id,
            title=share.title,
            scene=written(share.scene),
            sounds=[written(sound) for sound in share.sounds],
            created=share.created,
            expires=share.expires,
            revoked=share.revoked,
            holds=share.holds(now),
            path=f"/s/{share.token}",
        )


class SharePage(Paged[ShareModel], title="SharePage"):
    """A page of links."""


class ShareRequest(BaseModel, extra="forbid"):
    """What is to be seen, and for how long."""

    scene: Named = Field(description="Digest of a GLB.")
    sounds: list[Named] = Field(default_factory=list, max_length=32, description="Digests of what is heard with it.")
    title: str = Field(default="", max_length=200, pattern=NO_NUL)
    seconds: Annotated[int, WHOLE] = Field(default=7 * 24 * 3600, ge=60, le=LONGEST, description="How long it holds.")

    def digests(self, service: Service) -> tuple[Digest, list[Digest]]:
        """Scene and sounds; raises `NoSuch` for what is not there, `Refusal` (U007) for what is neither."""
        scene, sounds = read_digest(self.scene), [read_digest(sound) for sound in self.sounds]
        if content_of(service, scene).media_type != MODEL:
            raise refused("U007", "/scene", "a GLB is wanted, but this is none")
        for place, sound in enumerate(sounds):
            if not content_of(service, sound).media_type.startswith("audio/"):
                raise refused("U007", f"/sounds/{place}", "a sound is wanted, but this is none")
        return scene, sounds


@router.post(
    "",
    summary="Make a link to a scene",
    operation_id="create_share",
    status_code=201,
    response_model=ShareModel,
    responses=raises(404),
)
def create_share(
    service: TheService,
    asked: Annotated[ShareRequest, Depends(JsonBody(ShareRequest))],
    caller: Annotated[Caller, WRITE],
) -> Response:
    """Whoever has the link sees the scene without a key until it expires or is taken back."""
    scene, sounds = asked.digests(service)
    made = service.shares.create(asked.title, caller.id, scene, sounds, asked.seconds)
    return reply(ShareModel.of(made, service.wall()), 201)


@router.get("", summary="List links", operation_id="list_shares", response_model=SharePage)
def list_shares(service: TheService, cursor: Cursor = None, limit: Limit = PAGE) -> Response:
    """Links that were made, the newest first, also those that no longer hold."""
    page, now = service.shares.page(cursor, limit), service.wall()
    return reply(SharePage(items=[ShareModel.of(share, now) for share in page.items], next=page.next))


@router.delete("/{id}", summary="Take a link back", operation_id="revoke_share", status_code=204, responses=raises(404))
def revoke_share(service: TheService, id: Id) -> Response:  # noqa: A002
    """It leads nowhere from now on."""
    service.shares.revoke(id)
    return Response(status_code=204)
