"""One result of a run as bytes."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from diorama.refs import Blob
from diorama.refusals import NoSuch
from diorama.server.content import Content, reply_with
from diorama.server.problems import raises
from diorama.server.replies import JSON
from diorama.server.routes.artefacts import BYTES
from diorama.server.security.decisions import READ
from diorama.server.served import TheService
from diorama.server.shown import result_of
from diorama.server.stored import TheStored
from diorama.server.words import Id

router = APIRouter(prefix="/runs/{id}/results", tags=["runs"], dependencies=[READ])


@router.head("/{name}", include_in_schema=False)
@router.get(
    "/{name}",
    summary="One result of a run",
    operation_id="get_run_result",
    response_class=Response,
    responses={
        200: {"description": "All bytes; a value or a list as JSON.", **BYTES},
        206: {"description": "Those that `Range` asks for.", **BYTES},
        304: {"description": "The client has them: `If-None-Match` names their digest."},
        **raises(404, 410, 416),
    },
)
def get_result(request: Request, service: TheService, stored: TheStored, id: Id, name: Id) -> Response:  # noqa: A002
    """An artefact in its own format; values and lists as JSON, as in all results."""
    ref = service.results(id).get(name)
    if ref is None:
        raise NoSuch("result", name)
    if isinstance(ref, Blob):
        return reply_with(stored.verifier, Content(ref.digest, ref.size, ref.media_type, name), request)
    return Response(result_of(ref).model_dump_json(), media_type=JSON)
