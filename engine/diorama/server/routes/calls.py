"""What single calls gave, by their keys: events of a run name these as soon as a call has outputs."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from diorama.keys import Digest
from diorama.refusals import NoSuch
from diorama.server.problems import raises
from diorama.server.replies import reply
from diorama.server.security.decisions import READ
from diorama.server.served import TheService
from diorama.server.shown import Result, result_of
from diorama.server.words import Id

router = APIRouter(prefix="/calls", tags=["runs"], dependencies=[READ])

KEY_DIGITS = 64


class CallModel(BaseModel, title="Call"):
    """A call that is in the cache."""

    key: str = Field(description="The cache key, as events name it.", examples=["0" * KEY_DIGITS])
    seconds: float = Field(description="What it took when it was made.", examples=[0.25])
    run: str = Field(description="The run that made it.", examples=["8f14e45fceea167a"])
    outputs: dict[str, Result] = Field(description="What it gave, by port.")


@router.get(
    "/{key}",
    summary="What a call gave",
    operation_id="get_call",
    response_model=CallModel,
    responses=raises(404),
)
def get_call(service: TheService, key: Id) -> Response:
    """The outputs of a call by its cache key, also while the run that made it goes on."""
    found = service.store.by_key([_digest(key)]).get(_digest(key))
    if found is None:
        raise NoSuch("call", key)
    outputs = {port: result_of(ref) for port, ref in found.outputs().items()}
    return reply(CallModel(key=key, seconds=found.seconds, run=found.run, outputs=outputs))


def _digest(key: str) -> Digest:
    try:
        digest = bytes.fromhex(key)
    except ValueError:
        digest = b""
    if len(key) != KEY_DIGITS or len(digest) * 2 != KEY_DIGITS:
        raise NoSuch("call", key)
    return Digest(digest)
