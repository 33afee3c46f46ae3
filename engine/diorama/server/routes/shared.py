"""What whoever has a link sees: a page with the scene, what it shows, and the bytes of that alone."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from diorama.faults import Fault
from diorama.keys import Digest, written
from diorama.refusals import NoSuch
from diorama.run.service import Service
from diorama.server.content import reply_with
from diorama.server.editor import TheEditor
from diorama.server.problems import Refusal, raises
from diorama.server.replies import reply
from diorama.server.routes.artefacts import BYTES, content_of, read_digest
from diorama.server.security.decisions import PUBLIC
from diorama.server.security.headers import SHARED_POLICY
from diorama.server.served import TheService
from diorama.server.shown import Moment
from diorama.server.stored import TheStored
from diorama.server.words import Id
from diorama.store.shares import Share

router = APIRouter(prefix="/s", tags=["artefacts"], dependencies=[PUBLIC])

PAGE = "share.html"


class SharedModel(BaseModel, title="Shared"):
    """What a link shows."""

    title: str = Field(examples=["Misty alley"])
    scene: str = Field(examples=["blake3:" + "0" * 64])
    sounds: list[str]
    expires: Moment


@router.get(
    "/{token}",
    summary="The page of a shared scene",
    operation_id="get_shared_page",
    response_class=Response,
    responses={200: {"content": {"text/html": {"schema": {"type": "string"}}}}, **raises(404)},
)
def get_page(editor: TheEditor, token: Id) -> Response:
    """A page that shows the scene alone; it may stand in pages of others. It says itself where a link does not hold."""
    del token
    headers = {"Content-Security-Policy": SHARED_POLICY, "Cache-Control": "no-cache"}
    return Response(editor.page(PAGE), headers=headers, media_type="text/html")


@router.get(
    "/{token}/scene.json",
    summary="What a link shows",
    operation_id="get_shared",
    response_model=SharedModel,
    responses=raises(403),
)
def get_shared(service: TheService, token: Id) -> Response:
    """The scene of a link, with its sounds and its title."""
    share = held(service, token)
    sounds = [written(sound) for sound in share.sounds]
    shown = SharedModel(title=share.title, scene=written(share.scene), sounds=sounds, expires=share.expires)
    return reply(shown, headers={"Cache-Control": "no-store"})


@router.get(
    "/{token}/content/{digest}",
    summary="The bytes of what a link shows",
    operation_id="get_shared_content",
    response_class=Response,
    responses={200: {"description": "All bytes.", **BYTES}, **raises(403, 404, 410, 416)},
)
def get_content(request: Request, service: TheService, stored: TheStored, token: Id, digest: Id) -> Response:
    """The scene or one of its sounds; nothing else is there for who has the link."""
    share, found = held(service, token), _named(digest)
    if not share.shows(found):
        raise NoSuch("artefact", digest)
    answer = reply_with(stored.verifier, content_of(service, found), request)
    # A link that was taken back is to lead nowhere: no browser keeps what it led to.
    answer.headers["Cache-Control"] = "no-store"
    return answer


def held(service: Service, token: str) -> Share:
    """What a link shows; raises `Refusal` (A008) where it does not hold."""
    share = service.shares.of_token(token)
    if share is None:
        raise Refusal(Fault("A008", "", "the link was changed, has expired or was taken back"))
    return share


def _named(text: str) -> Digest:
    try:
        return read_digest(text)
    except ValueError as error:
        raise NoSuch("artefact", text) from error
